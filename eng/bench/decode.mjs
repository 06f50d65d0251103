// Decodes prompts greedily with @huggingface/transformers for the benchmark `decode`, which starts this.
// Reads a line of JSON from standard input: { tools, models, model, threads, newTokens, rounds, batches: [[[id]]] } (ids by row, by batch).
// Writes a line of JSON: the seconds of each round and the ids of the last one, by batch.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const { tools, models, model: name, threads, newTokens, rounds, batches } = JSON.parse(fs.readFileSync(0, 'utf8'));
const require = createRequire(path.join(tools, 'package.json'));
const { AutoModelForCausalLM, Tensor, env } = require('@huggingface/transformers');
env.localModelPath = models;
env.allowRemoteModels = false;
const session_options = threads > 0 ? { intraOpNumThreads: threads } : {};
const model = await AutoModelForCausalLM.from_pretrained(name, { dtype: 'fp32', session_options });

const results = [];
for (const rows of batches) {
  const shape = [rows.length, rows[0].length];
  const seconds = [];
  let ids;
  for (let round = 0; round <= rounds; round++) {
    const inputs = {
      input_ids: new Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), shape),
      attention_mask: new Tensor('int64', new BigInt64Array(shape[0] * shape[1]).fill(1n), shape),
    };
    const start = performance.now();
    const output = await model.generate({ ...inputs, max_new_tokens: newTokens, do_sample: false, eos_token_id: -1 });
    // The first round warms up.
    if (round > 0) seconds.push((performance.now() - start) / 1000);
    ids = output.tolist().map(row => row.slice(shape[1]).map(Number));
  }
  results.push({ seconds, ids });
}
console.log(JSON.stringify(results));
