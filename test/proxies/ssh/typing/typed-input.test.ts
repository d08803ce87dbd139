import { expect, test } from 'vitest';
import type { LineResult } from '../../../../src/proxies/ssh/typing/typed-line.ts';
import { TypedInput } from '../../../../src/proxies/ssh/typing/typed-input.ts';
import { count } from '../../../kit/counts.ts';
import { randomNumbers } from '../../../kit/random-numbers.ts';
import { onTerminal, type Passed } from './pty.ts';
import { canary, scenarios } from './scenarios.ts';
import { cpuMilliseconds } from '../../../kit/cpu-time.ts';

/** All that was told of what passed, in pieces as long as `next` says. */
function told(passed: Passed, next: () => number): LineResult[] {
  const results: LineResult[] = [];
  const input = new TypedInput((result) => results.push(result));
  for (const [way, bytes] of passed) {
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + next());
      at += piece.length;
      if (way === 'in') input.typed(piece, 0);
      else input.shown(piece, 0);
    }
  }
  input.tick(100_000);
  input.end();
  return results;
}

const statements = (results: readonly LineResult[]): unknown[] =>
  results.flatMap(({ statement }) =>
    statement === null ? [] : [statement.known ? statement.line : { why: statement.why }],
  );

test.each(scenarios)(
  '$name: the lines are known where the echo was seen, however the streams are cut',
  async (scenario) => {
    const passed = await onTerminal(scenario);
    const whole = told(passed, () => Number.MAX_SAFE_INTEGER);
    expect(statements(whole)).toEqual(scenario.statements);
    const typed = passed.filter(([way]) => way === 'in').reduce((sum, [, bytes]) => sum + bytes.length, 0);
    expect(whole.reduce((sum, { input, hidden }) => sum + input.length + hidden, 0)).toBe(typed);
    const kept = JSON.stringify(whole.map(({ input, statement }) => [Buffer.from(input).toString(), statement]));
    expect(kept).not.toContain(canary);
    expect(told(passed, () => 1)).toEqual(whole);
    for (let seed = 1; seed <= count(20, 2_000); seed += 1) {
      const random = randomNumbers(seed);
      expect(told(passed, () => 1 + Math.floor(random() * 7))).toEqual(whole);
    }
  },
  60_000,
);

const ahead = (lines: number, length: number): Uint8Array => Buffer.from(`${'a'.repeat(length)}\r`.repeat(lines));

/** Everything that was told of lines typed ahead at a shell's prompt, before any echo, then of what came out. */
function toldAhead(
  typed: Uint8Array,
  output: string,
): { readonly results: LineResult[]; readonly milliseconds: number } {
  const results: LineResult[] = [];
  const input = new TypedInput((result) => results.push(result));
  const show = (text: string): void => {
    for (let at = 0; at < text.length; at += 1_024) input.shown(Buffer.from(text.slice(at, at + 1_024)), 0);
  };
  show('alice@box:~$ ');
  input.typed(Buffer.from('ls\r'), 0);
  show('ls\r\n');
  input.typed(typed, 0);
  const before = cpuMilliseconds();
  show(output);
  const milliseconds = cpuMilliseconds() - before;
  input.end();
  return { results, milliseconds };
}

test('lines typed ahead cost no more than they are long, whatever comes out', () => {
  const many = toldAhead(ahead(250, 4_000), '\n'.repeat(32_768));
  expect(many.milliseconds).toBeLessThan(2_000);
  expect(many.results.reduce((sum, { input, hidden }) => sum + input.length + hidden, 0)).toBe(3 + 250 * 4_001);
  // As many lines as are kept, and rows that nearly are one of them.
  const near = `alice@box:~$ ${'a'.repeat(63)}b\n`;
  expect(toldAhead(ahead(250, 64), near.repeat(400)).milliseconds).toBeLessThan(2_000);
});

test('16 KiB typed ahead are kept; a line begun beyond that hides them', () => {
  const shown = (lines: number): string => `alice@box:~$ ${'a'.repeat(4_000)}\r\n`.repeat(lines);
  const known = (lines: number) =>
    toldAhead(ahead(lines, 4_000), shown(lines)).results.filter(({ statement }) => statement?.known === true).length -
    1;
  expect(known(4)).toBe(4);
  expect(known(6)).toBeLessThan(6);
});
