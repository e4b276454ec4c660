// Runs test files side by side (they mostly wait) and fails when one of their tests does:   node run.js FILES...
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { resolve } from 'node:path';

const kFilesAtOnce = 4;

const events = run({ files: process.argv.slice(2).map((file) => resolve(file)), concurrency: kFilesAtOnce });
events.on('test:fail', () => {
  process.exitCode = 1;
});
events.compose(new spec()).pipe(process.stdout);
