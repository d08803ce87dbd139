import fc from 'fast-check';
import { expect, test } from 'vitest';
import { begin, type Effect, type Input, type Phase, step } from '../../../src/proxies/ssh/session.ts';
import { count } from '../../kit/counts.ts';

function run(...inputs: readonly Input[]): { phase: Phase; effects: Effect[] } {
  let phase = begin(6, 3);
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
  { type: 'pass-shown', interactive: false },
  { type: 'pass-judged', good: true, named: true },
];

test('a good token leads to admission, then to the target, and the end is told', () => {
  expect(run(...loggedIn).effects.map(({ type }) => type)).toEqual([
    'reached',
    'reached',
    'refuse-login',
    'reached',
    'verify',
    'welcome',
    'admit',
  ]);
  const open = run(...loggedIn, { type: 'admitted' }, { type: 'target-open' }, { type: 'closed' });
  expect(open.effects.slice(-3)).toEqual([
    { type: 'open-target' },
    { type: 'accept-login' },
    { type: 'end-session', reason: 'closed-by-client' },
  ]);
});

test('the sixth refused attempt disconnects; asking for none does not count', () => {
  const attempt: Input[] = [
    { type: 'pass-shown', interactive: false },
    { type: 'pass-judged', good: false, named: true },
  ];
  const asked: Input = { type: 'unfit-method', method: 'none' };
  const five = run({ type: 'keys-agreed' }, asked, asked, ...Array.from({ length: 5 }, () => attempt).flat());
  expect(five.phase).toEqual({ at: 'login', left: 1, offers: 3 });
  expect(
    step(step(five.phase, { type: 'pass-shown', interactive: false }).phase, {
      type: 'pass-judged',
      good: false,
      named: true,
    }).effects,
  ).toEqual([{ type: 'disconnect', why: 'too-many', message: '' }]);
});

test('offering keys is no attempt and leads nowhere; one key more than the bound ends the connection', () => {
  const offer: Input[] = [{ type: 'key-offered' }, { type: 'offer-judged', live: false }];
  const invited = run({ type: 'keys-agreed' }, ...offer, ...offer, offer[0]!, { type: 'offer-judged', live: true });
  expect(invited.phase).toEqual({ at: 'login', left: 6, offers: 0 });
  expect(invited.effects.slice(1).map(({ type }) => type)).toEqual([
    'judge-offer',
    'refuse-login',
    'judge-offer',
    'refuse-login',
    'judge-offer',
    'invite',
  ]);
  expect(step(invited.phase, offer[0]!).effects).toEqual([{ type: 'disconnect', why: 'too-many', message: '' }]);
  const token = step(invited.phase, { type: 'pass-shown', interactive: false });
  expect(token.effects.at(-1), 'a token may still be shown').toEqual({ type: 'verify' });
});

const connecting = (interactive: boolean): Input[] => [
  ...loggedIn.slice(0, 3),
  { type: 'pass-shown', interactive },
  { type: 'pass-judged', good: true, named: true },
  { type: 'admitted' },
];

test('what the target asks is asked before the login succeeds, as often as it asks', () => {
  const twice: Input[] = [{ type: 'target-asks' }, { type: 'answered' }, { type: 'target-asks' }, { type: 'answered' }];
  const open = run(...connecting(true), ...twice, { type: 'target-open' });
  expect(open.phase).toEqual({ at: 'open' });
  expect(open.effects.slice(-4).map(({ type }) => type)).toEqual(['open-target', 'ask', 'ask', 'accept-login']);
});

test('a client that logged in by password is asked to go on with keyboard-interactive, and by nothing else', () => {
  const asks = run(...connecting(false), { type: 'target-asks' });
  expect(asks.effects.at(-1)).toEqual({ type: 'ask-to-continue' });
  expect(step(asks.phase, { type: 'interactive-begun' })).toEqual({
    phase: { at: 'asking' },
    effects: [{ type: 'ask' }],
  });
  for (const other of [loggedIn[2]!, loggedIn[3]!, { type: 'pass-shown', interactive: true } as const]) {
    expect(step(asks.phase, other).effects.map(({ type }) => type)).toEqual(['disconnect', 'end-session']);
  }
});

test('a login that fails while the person is asked ends; one that fails otherwise is told on a channel', () => {
  const failed: Input = { type: 'target-failed', message: 'no' };
  const bye = { type: 'disconnect', why: 'bye', message: 'no' };
  expect(run(...connecting(true), { type: 'target-asks' }, failed).effects.at(-1)).toEqual(bye);
  expect(run(...connecting(false), { type: 'target-asks' }, failed).effects.at(-1)).toEqual(bye);
  const told = run(...connecting(true), { type: 'target-asks' }, { type: 'answered' }, failed);
  expect(told.effects.slice(-2)).toEqual([{ type: 'accept-login' }, { type: 'tell-when-asked', message: 'no' }]);
  expect(run(...connecting(false), { type: 'target-asks' }, { type: 'closed' }).effects.at(-1)).toEqual({
    type: 'end-session',
    reason: 'closed-by-client',
  });
});

test('a reason is asked for in the keyboard-interactive of the login, and admission asked again', () => {
  const admitting = (interactive: boolean) => connecting(interactive).slice(0, -1);
  const asked = run(...admitting(true), { type: 'not-admitted', message: 'no' });
  expect(asked.phase.at).toBe('refused');
  const explaining = run(...admitting(true), { type: 'reason-asked' });
  expect(explaining).toMatchObject({ phase: { at: 'explaining' } });
  expect(explaining.effects.at(-1)).toEqual({ type: 'ask' });
  expect(step(explaining.phase, { type: 'answered' })).toEqual({
    phase: { at: 'admitting', interactive: true, destination: 'named' },
    effects: [],
  });
  const bye = { type: 'disconnect', why: 'bye', message: 'no' };
  expect(step(explaining.phase, { type: 'not-admitted', message: 'no' }).effects).toEqual([bye]);
  expect(step(explaining.phase, { type: 'closed' }).effects).toEqual([]);
  expect(run(...admitting(false), { type: 'reason-asked' }).phase).toEqual({ at: 'over' });
});

test('no order of inputs admits without a good token, opens without an admission, or ends twice', () => {
  const input = fc.constantFrom<Input>(
    { type: 'identified' },
    { type: 'keys-agreed' },
    { type: 'unfit-method', method: 'none' },
    { type: 'unfit-method', method: 'hostbased' },
    { type: 'key-offered' },
    { type: 'offer-judged', live: true },
    { type: 'offer-judged', live: false },
    { type: 'pass-shown', interactive: false },
    { type: 'pass-shown', interactive: true },
    { type: 'pass-judged', good: true, named: true },
    { type: 'pass-judged', good: true, named: false },
    { type: 'pass-judged', good: false, named: true },
    { type: 'chosen' },
    { type: 'unnamed' },
    { type: 'left' },
    { type: 'admitted' },
    { type: 'not-admitted', message: 'no' },
    { type: 'reason-asked' },
    { type: 'target-asks' },
    { type: 'interactive-begun' },
    { type: 'answered' },
    { type: 'target-open' },
    { type: 'target-failed', message: 'no' },
    { type: 'told' },
    { type: 'ended', message: 'over' },
    { type: 'target-gone', reason: 'target-lost', message: 'gone' },
    { type: 'client-silent' },
    { type: 'late' },
    { type: 'stopped' },
    { type: 'protocol-error' },
    { type: 'closed' },
  );
  fc.assert(
    fc.property(fc.array(input, { maxLength: 30 }), (inputs) => {
      const seen: string[] = [];
      let phase = begin(6, 3);
      for (const one of inputs) {
        const next = step(phase, one);
        for (const { type } of next.effects) {
          if (type === 'welcome') expect(one).toMatchObject({ type: 'pass-judged', good: true });
          if (type === 'admit') expect(seen).toContain('welcome');
          if (type === 'accept-login') expect(seen).toContain(phase.at === 'verifying' ? 'welcome' : 'admit');
          if (type === 'ask') expect(seen).toContain('admit');
          if (type === 'offer-again') expect(seen).toContain('await-choice');
          if (type === 'accept-login') expect(seen).not.toContain('accept-login');
          if (type === 'ask') expect(seen).not.toContain('accept-login');
          if (type === 'invite') expect(one).toEqual({ type: 'offer-judged', live: true });
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

const nameless: Input[] = [...loggedIn.slice(0, -1), { type: 'pass-judged', good: true, named: false }];

test('without a target the login is accepted and a menu asks; a refused choice brings it back', () => {
  const refused = run(...nameless, { type: 'chosen' }, { type: 'not-admitted', message: 'no' });
  expect(refused.phase).toEqual({ at: 'choosing' });
  expect(refused.effects.map(({ type }) => type).slice(-5)).toEqual([
    'welcome',
    'accept-login',
    'await-choice',
    'admit',
    'offer-again',
  ]);
  const open: Input[] = [...nameless, { type: 'chosen' }, { type: 'admitted' }, { type: 'target-open' }];
  const { phase, effects } = run(...open);
  expect(phase).toEqual({ at: 'open' });
  expect(effects.filter(({ type }) => type === 'accept-login')).toHaveLength(1);
  expect(run(...open, { type: 'closed' }).effects.at(-1)).toEqual({ type: 'end-session', reason: 'closed-by-client' });
});

test('a target that is chosen and does not open leaves the menu; nothing is to be ended then', () => {
  const failed: Input[] = [
    ...nameless,
    { type: 'chosen' },
    { type: 'admitted' },
    { type: 'target-failed', message: 'no' },
  ];
  const { phase, effects } = run(...failed);
  expect(phase).toEqual({ at: 'choosing' });
  expect(effects.slice(-2)).toEqual([{ type: 'open-target' }, { type: 'offer-again', message: 'no' }]);
  expect(run(...failed, { type: 'closed' }).effects.map(({ type }) => type)).not.toContain('end-session');
  const again = run(...failed, { type: 'chosen' }, { type: 'admitted' }, { type: 'target-open' });
  expect(again.phase).toEqual({ at: 'open' });
  expect(again.effects.slice(-2).map(({ type }) => type)).toEqual(['admit', 'open-target']);
});

test('what no menu can ask for is refused by admission, and leaving the menu ends it too', () => {
  const none = run(...nameless, { type: 'unnamed' }, { type: 'not-admitted', message: 'name one' });
  expect(none.phase).toEqual({ at: 'refused', message: 'name one' });
  expect(run(...nameless, { type: 'left' }).phase).toMatchObject({ at: 'refused' });
  expect(run(...nameless, { type: 'left' }, { type: 'closed' }).effects.map(({ type }) => type)).not.toContain(
    'end-session',
  );
});
