// Checks the tokenizer's golden ids against @huggingface/transformers, or writes them.
// Setup: npm install --ignore-scripts --prefix eng/.tools/node @huggingface/transformers
// Usage: node eng/tokenizer-golden.mjs [--write]
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const data = path.join(root, 'tests/ML.Pipelines.OnnxRuntime.Tests/Data');
const bundled = path.join(root, 'src/ML.Pipelines.OnnxRuntime/BundledModel');
const require = createRequire(path.join(root, 'eng/.tools/node/package.json'));
const { PreTrainedTokenizer } = require('@huggingface/transformers');

const read = (...parts) => JSON.parse(fs.readFileSync(path.join(...parts), 'utf8'));
const lines = fs.readFileSync(path.join(data, 'tokenizer-lines.txt'), 'utf8').split('\n').slice(0, -1).map(line => JSON.parse(line));
const config = { ...read(bundled, 'tokenizer_config.json'), tokenizer_class: 'PreTrainedTokenizer' };
let failed = false;
for (const [name, { model, ...parts }] of Object.entries(read(data, 'tokenizer-variants.json'))) {
  const json = read(bundled, 'tokenizer.json');
  const tokenizer = new PreTrainedTokenizer({ ...json, ...parts, model: { ...json.model, ...model } }, config);
  const text = lines.map(line => Array.from(tokenizer.encode(line, { add_special_tokens: false })).join(' ') + '\n').join('');
  const file = path.join(data, `tokenizer-ids.${name}.txt.gz`);
  if (process.argv.includes('--write')) fs.writeFileSync(file, zlib.gzipSync(text, { level: 9 }));
  const same = zlib.gunzipSync(fs.readFileSync(file)).toString() === text;
  console.log(`${name}: ${lines.length} lines, ${text.split(/\s/).length - 1} ids, ${same ? 'identical' : 'DIFFERENT'}`);
  failed ||= !same;
}
process.exit(failed ? 1 : 0);
