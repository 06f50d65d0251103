// Checks the golden texts of chat templates against @huggingface/jinja, the engine of @huggingface/transformers, or writes them.
// Setup: npm install --ignore-scripts --prefix eng/.tools/node @huggingface/transformers
// Usage: node eng/chat-template-golden.mjs [--write]
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const data = path.join(root, 'tests/ML.Pipelines.OnnxRuntime.Tests/Data');
const templates = path.join(data, 'chat-templates');
const require = createRequire(path.join(root, 'eng/.tools/node/package.json'));
const { Template } = require('@huggingface/jinja');

// A template that raises an exception has no text.
const render = (template, variables) => {
  try {
    return template.render(structuredClone(variables));
  } catch (fault) {
    if (!fault.message.includes('must take turns')) throw fault;
    return null;
  }
};

const variables = JSON.parse(fs.readFileSync(path.join(templates, 'variables.json'), 'utf8'));
const golden = {};
for (const file of fs.readdirSync(templates).filter(name => name.endsWith('.jinja')).sort()) {
  const template = new Template(fs.readFileSync(path.join(templates, file), 'utf8'));
  golden[file] = Object.fromEntries(Object.entries(variables).map(([name, values]) => [name, render(template, values)]));
}
const text = JSON.stringify(golden, null, 1);
const file = path.join(data, 'chat-templates.golden.json.gz');
if (process.argv.includes('--write')) fs.writeFileSync(file, zlib.gzipSync(text, { level: 9 }));
const same = zlib.gunzipSync(fs.readFileSync(file)).toString() === text;
const counts = `${Object.keys(golden).length} templates with ${Object.keys(variables).length} conversations each`;
console.log(`${counts}: ${same ? 'identical' : 'DIFFERENT'}`);
process.exit(same ? 0 : 1);
