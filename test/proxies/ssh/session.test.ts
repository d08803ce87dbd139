import fc from 'fast-check';
import { expect, test } from 'vitest';
import { begin, type Effect, type Input, type Phase, step } from '../../../src/proxies/ssh/session.ts';
import { count } from '../../kit/counts.ts';

function run(...inputs: readonly Input[]): { phase: Phase; effects: Effect[] } {
  let phase = begin(6);
  const effects: Effect[] = [];
  for (const input of inputs) {
    const next = step(phase, input);
    phase = next.phase;
    effects.push(...next.effects);
  }
  return { phase, effects };
}

const loggedIn: Input[] = [
  { type: 'identified' },
  { type: 'keys-agreed' },
  { type: 'unfit-method', method: 'none' },
  { type: 'token-shown' },
  { type: 'token-judged', good: true },
];

test('a good token leads to admission, then to the target, and the end is told', () => {
  expect(run(...loggedIn).effects.map(({ type }) => type)).toEqual([
    'reached',
    'reached',
    'refuse-login',
    'reached',
    'verify',
    'accept-login',
    'admit',
  ]);
  const open = run(...loggedIn, { type: 'admitted' }, { type: 'target-open' }, { type: 'closed' });
  expect(open.effects.slice(-2)).toEqual([
    { type: 'open-target' },
    { type: 'end-session', reason: 'closed-by-client' },
  ]);
});

test('the sixth refused attempt disconnects; asking for none does not count', () => {
  const attempt: Input[] = [{ type: 'token-shown' }, { type: 'token-judged', good: false }];
  const asked: Input = { type: 'unfit-method', method: 'none' };
  const five = run({ type: 'keys-agreed' }, asked, asked, ...Array.from({ length: 5 }, () => attempt).flat());
  expect(five.phase).toEqual({ at: 'login', left: 1 });
  expect(step(step(five.phase, { type: 'token-shown' }).phase, { type: 'token-judged', good: false }).effects).toEqual([
    { type: 'disconnect', why: 'too-many', message: '' },
  ]);
});

test('no order of inputs admits without a good token, opens without an admission, or ends twice', () => {
  const input = fc.constantFrom<Input>(
    { type: 'identified' },
    { type: 'keys-agreed' },
    { type: 'unfit-method', method: 'none' },
    { type: 'unfit-method', method: 'publickey' },
    { type: 'token-shown' },
    { type: 'token-judged', good: true },
    { type: 'token-judged', good: false },
    { type: 'admitted' },
    { type: 'not-admitted', message: 'no' },
    { type: 'target-open' },
    { type: 'target-failed', message: 'no' },
    { type: 'told' },
    { type: 'ended', message: 'over' },
    { type: 'target-lost', message: 'gone' },
    { type: 'late' },
    { type: 'stopped' },
    { type: 'protocol-error' },
    { type: 'closed' },
  );
  fc.assert(
    fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
      const seen: string[] = [];
      let phase = begin(6);
      for (const one of inputs) {
        const next = step(phase, one);
        for (const { type } of next.effects) {
          if (type === 'admit' || type === 'accept-login') expect(one).toEqual({ type: 'token-judged', good: true });
          if (type === 'verify') expect(phase.at).toBe('login');
          if (type === 'open-target') expect(seen).toContain('admit');
          seen.push(type);
        }
        phase = next.phase;
      }
      expect(seen.filter((type) => type === 'end-session' || type === 'disconnect').length).toBeLessThanOrEqual(2);
    }),
    { numRuns: count(1_000, 200_000) },
  );
}, 120_000);
