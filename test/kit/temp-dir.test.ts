import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { runProcess } from './process.ts';
import { tempDir } from './temp-dir.ts';

it('what a killed test left goes with the next one, and what belongs to a test that runs stays', async () => {
  const own = tempDir();
  const gone = await runProcess(process.execPath, ['-p', 'process.pid']);
  const left = join(dirname(own), `sallyport-${gone.stdout.trim()}-Ab3dE6`);
  mkdirSync(left);
  writeFileSync(join(left, 'data'), 'left');
  vi.resetModules();
  await import('./temp-dir.ts');
  expect([existsSync(left), existsSync(own)]).toEqual([false, true]);
});
