// Checks the golden replies of the bundled model against @huggingface/transformers' greedy generate(), or writes them.
// Setup: npm install --ignore-scripts --prefix eng/.tools/node @huggingface/transformers
// Usage: node eng/generation-golden.mjs [--write]
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const golden = path.join(root, 'tests/ML.Pipelines.OnnxRuntime.Tests/Data/generation-ids.bundled.jsonl.gz');
const require = createRequire(path.join(root, 'eng/.tools/node/package.json'));
const { AutoModelForCausalLM, AutoTokenizer, env } = require('@huggingface/transformers');
const PROMPTS = 50, MAX_NEW_TOKENS = 192;

env.localModelPath = path.join(root, 'src/ML.Pipelines.OnnxRuntime');
env.allowRemoteModels = false;
const tokenizer = await AutoTokenizer.from_pretrained('BundledModel');
const model = await AutoModelForCausalLM.from_pretrained('BundledModel', { dtype: 'fp32' });

// Evenly spaced, so that every task is among them.
const rows = fs.readFileSync(path.join(root, 'models/bundled/evaluation/prompts.jsonl'), 'utf8').split('\n').slice(0, -1);
const prompts = Array.from({ length: PROMPTS }, (_, i) => JSON.parse(rows[Math.floor((i + 0.5) * rows.length / PROMPTS)]).prompt);
let text = '';
for (const prompt of prompts) {
  const inputs = tokenizer.apply_chat_template([{ role: 'user', content: prompt }], { add_generation_prompt: true, return_dict: true });
  const output = await model.generate({ ...inputs, max_new_tokens: MAX_NEW_TOKENS, do_sample: false });
  const promptIds = Array.from(inputs.input_ids.data, Number);
  const ids = Array.from(output.data, Number).slice(promptIds.length);
  text += JSON.stringify({ prompt, promptIds, maxNewTokens: MAX_NEW_TOKENS, ids }) + '\n';
}

if (process.argv.includes('--write')) fs.writeFileSync(golden, zlib.gzipSync(text, { level: 9 }));
const same = zlib.gunzipSync(fs.readFileSync(golden)).toString() === text;
console.log(`${prompts.length} prompts: ${same ? 'identical' : 'DIFFERENT'}`);
process.exit(same ? 0 : 1);
