import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Budget } from '../../../src/proxies/ssh/budget.ts';
import { TerminalOutput } from '../../../src/proxies/ssh/terminal-output.ts';
import { count } from '../../kit/counts.ts';
import { until } from '../../kit/until.ts';

const mebibyte = 1024 * 1024;

test('one busy channel gets a window of 2 MiB, and gives it back', () => {
  const budget = new Budget();
  for (let round = 0; round < 3; round += 1) {
    let window = budget.open();
    for (let used = 0; used < 8; used += 1) window = budget.resize(window, window / 2);
    expect(window).toBe(2 * mebibyte);
    budget.close(window);
  }
});

test('whatever 64 channels do, they hold no more than 2.5 MiB of windows, and none of them nothing', () => {
  const step = fc.tuple(fc.nat(63), fc.double({ min: 0, max: 0.5, noNaN: true }), fc.boolean());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const budget = new Budget();
      const windows = new Map<number, number>();
      for (const [channel, granted, closes] of steps) {
        const window = windows.get(channel);
        if (window === undefined) windows.set(channel, budget.open());
        else if (closes) {
          budget.close(window);
          windows.delete(channel);
        } else windows.set(channel, budget.resize(window, Math.floor(window * granted)));
        const all = [...windows.values()];
        expect(all.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(2 * mebibyte + 64 * 8 * 1024);
        expect(Math.min(8192, ...all)).toBe(8192);
      }
    }),
    { numRuns: count(200, 20_000) },
  );
});

test('channels that are all busy come to share', () => {
  const budget = new Budget();
  const windows = Array.from({ length: 4 }, () => budget.open());
  for (let round = 0; round < 20; round += 1) {
    for (const [at, window] of windows.entries()) windows[at] = budget.resize(window, window / 2);
  }
  for (const window of windows) expect(window).toBe(mebibyte / 2);
});

test('output of one byte a message waits in about as much memory as it is long, and arrives whole', async () => {
  let consumed = 0;
  const output = new TerminalOutput((bytes) => (consumed += bytes));
  output.on('data', () => undefined);
  output.pause();
  const message = Buffer.alloc(64 * 1024);
  const before = process.memoryUsage();
  for (let at = 0; at < mebibyte; at += 1) output.add(message.subarray(at % 65_536, (at % 65_536) + 1));
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.external - before.heapUsed - before.external;
  expect(grown).toBeLessThan(16 * mebibyte);
  expect(consumed).toBe(0);
  let bytes = 0;
  output.on('data', (data: Buffer) => (bytes += data.length)).resume();
  await until(() => bytes === mebibyte && consumed === mebibyte, { what: 'all of it, told as read' });
});

test('output arrives whole and in order, however it is read', async () => {
  const pieces = fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 9000 }), fc.nat(3)), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.boolean(), async (sent, ends) => {
      let consumed = 0;
      const got: Buffer[] = [];
      const output = new TerminalOutput((bytes) => (consumed += bytes));
      output.on('data', (data: Buffer) => got.push(data));
      const ended = new Promise((resolve) => output.once('end', resolve));
      for (const [data, what] of sent) {
        output.add(Buffer.from(data));
        if (what === 1) output.pause();
        if (what === 2) output.resume();
        if (what === 3) await new Promise((resolve) => setImmediate(resolve));
      }
      if (ends) output.end();
      output.resume();
      const whole = Buffer.concat(sent.map(([data]) => data));
      if (ends) await ended;
      else await until(() => consumed === whole.length, { what: 'all of it, told as read' });
      expect(Buffer.concat(got).equals(whole)).toBe(true);
      expect(consumed).toBeLessThanOrEqual(whole.length);
    }),
    { numRuns: count(60, 3_000) },
  );
});
