// Holds a pipeline against a schema with Azure Pipelines' language service. Prints 'line:column message' a fault; exit code 1 with any.
// Usage: node check-pipeline.mjs TOOLS PIPELINE SCHEMA   TOOLS: the folder that eng/setup-node.sh fills
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const [tools, pipeline, schema] = process.argv.slice(2);
const require = createRequire(path.join(path.resolve(tools), 'package.json'));
const { getLanguageService, parse, ParseSchema, TextDocument } = require('azure-pipelines-language-service');

const content = ParseSchema(fs.readFileSync(schema, 'utf8'));
const service = getLanguageService(() => Promise.resolve(content), [], () => Promise.resolve('file:///schema.json'));
service.configure({ validate: true });
console.log = () => {}; // the service traces its steps

const document = TextDocument.create('file:///azure-pipelines.yml', 'azure-pipelines', 1, fs.readFileSync(pipeline, 'utf8'));
const faults = await service.doValidation(document, parse(document.getText()));
for (const { range, message } of faults) process.stdout.write(`${range.start.line + 1}:${range.start.character + 1} ${message}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
