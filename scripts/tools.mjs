// How the scripts start the tools of this clone: under its Node 24, whatever Node the shell has.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const runtime = join(root, 'node_modules/node/bin/node');

/**
 * Runs a command with node_modules/.bin first on the PATH. Resolves with its exit code and, with `capture`, all it wrote.
 * @param {string[]} command
 * @param {{ capture?: boolean, env?: Record<string, string> }} options
 */
export function run([command, ...args], { capture = false, env = {} } = {}) {
  const path = `${join(root, 'node_modules/.bin')}:${process.env.PATH ?? ''}`;
  const output = capture ? 'pipe' : 'inherit';
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, ...env, PATH: path },
    stdio: ['ignore', output, output],
  });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk));
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ code: 127, output: `${command}: ${error.message}` }));
    child.once('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }));
  });
}
