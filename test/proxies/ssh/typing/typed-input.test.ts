import { expect, test } from 'vitest';
import type { LineResult } from '../../../../src/proxies/ssh/typing/typed-line.ts';
import { TypedInput } from '../../../../src/proxies/ssh/typing/typed-input.ts';
import { count } from '../../../kit/counts.ts';
import { randomNumbers } from '../../../kit/random-numbers.ts';
import { onTerminal, type Passed } from './pty.ts';
import { canary, scenarios } from './scenarios.ts';

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
