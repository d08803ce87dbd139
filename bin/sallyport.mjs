#!/usr/bin/env node
// Runs the command line under Node 24, whatever Node started this file. Plain JavaScript: Node 20 must understand it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cli = join(root, 'src/main/cli.ts');
const runtime = join(root, 'node_modules/node/bin/node');

if (!existsSync(join(root, 'node_modules/.package-lock.json'))) {
  console.error(`sallyport: its packages are not installed yet.
Next step: run "npm start" or "npm install" in ${root}`);
  process.exit(1);
} else if (Number(process.versions.node.split('.')[0]) >= 24) {
  if (process.argv.includes('start')) runUnderNode24(process.execPath);
  else {
    process.argv[1] = cli;
    await import(pathToFileURL(cli).href);
  }
} else if (!existsSync(runtime)) {
  console.error(`sallyport: Node 24 is needed, this is ${process.version}, and ${runtime} is missing.
Next step: run "npm start" or "npm install" in ${root}`);
  process.exit(1);
} else {
  runUnderNode24(runtime);
}

function runUnderNode24(node) {
  // A proxy makes many large buffers that live for microseconds and few objects that live at all. A small young
  // generation is collected often and frees them early, and buffers count towards the heap's own limit; with the
  // defaults whole-heap collections do all this, at about half the throughput. V8's helper threads would collect that little
  // heap at a third of the proxy's whole time, taken from the client and the target. The optimizing compiler of WebAssembly
  // takes 600 MiB for some seconds to make PostgreSQL's parser (decision 0066) a fifth faster. Flags of V8 belong to one Node.
  const tuned = process.argv.includes('start') && (node === runtime || process.versions.node.startsWith('24.'));
  const flags = tuned
    ? [
        '--max-semi-space-size=2',
        '--external-memory-accounted-in-global-limit',
        '--no-parallel-scavenge',
        '--no-concurrent-marking',
        '--liftoff-only',
      ]
    : [];
  const follow = new URL(`./follow-parent.mjs?parent=${process.pid}`, import.meta.url).href;
  const child = spawn(node, [...flags, '--import', follow, cli, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // Handling a signal here keeps this process alive until the child has ended in its own way. On a terminal Ctrl-C
  // reaches the child by itself; passed on as well, it would look like a second, impatient one.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`sallyport: ${node} could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('close', (code, signal) => {
    process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
  });
}
