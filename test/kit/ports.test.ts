import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freePort } from './ports.ts';
import { startProcess } from './process.ts';
import { until } from './until.ts';

const ports = join(import.meta.dirname, 'ports.ts');
const drawTen = `import { freePort } from ${JSON.stringify(ports)};
for (let i = 0; i < 10; i += 1) console.log(await freePort());
process.stdin.resume();`;

function numbers(text: string): number[] {
  return text.trim().split('\n').map(Number);
}

test('no port is given twice, to this process or to parallel ones, and each is below the ephemeral range', async () => {
  const args = ['--input-type=module', '-e', drawTen];
  const children = [1, 2, 3].map(() => startProcess(process.execPath, args, { keepInput: true }));
  const all: number[] = [];
  for (let i = 0; i < 10; i += 1) all.push(await freePort());
  for (const child of children) {
    await until(() => numbers(child.stdout()).length === 10, { what: 'ten ports from a parallel process' });
    all.push(...numbers(child.stdout()));
  }
  expect(new Set(all).size).toBe(40);
  expect(Math.min(...all)).toBeGreaterThanOrEqual(20_000);
  expect(Math.max(...all)).toBeLessThan(32_768);
});

test('a port is given back when the process that drew it has ended', async () => {
  const child = startProcess(process.execPath, ['--input-type=module', '-e', drawTen], { keepInput: true });
  await until(() => numbers(child.stdout()).length === 10, { what: 'ten ports' });
  const claim = join(tmpdir(), `sallyport-ports-${userInfo().uid}`, String(numbers(child.stdout())[0]));
  expect(readFileSync(claim, 'utf8')).toBe(String(child.pid));
  child.child.stdin?.end();
  await child.exited;
  expect(existsSync(claim)).toBe(false);
});

test('a port that something listens on is not given', async () => {
  const next = (await freePort()) + 1;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(next, '127.0.0.1', resolve));
  try {
    expect(await freePort()).not.toBe(next);
  } finally {
    server.close();
  }
});
