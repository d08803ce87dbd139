import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EnrolFactor, FactorCommand, UseFactor } from '../../../src/domain/factor/commands.ts';
import { factorDecider } from '../../../src/domain/factor/decider.ts';
import type { Factor, FactorEvent, FactorUse } from '../../../src/domain/factor/events.ts';
import { fold } from '../../../src/domain/kernel/decider.ts';
import type { AuthenticationId } from '../../../src/domain/kernel/ids.ts';
import { shredded } from '../../../src/domain/kernel/personal.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { id, time } from '../kit/ids.ts';

const given = deciderSpec(factorDecider);
const [ann, ben] = [id('user', 1), id('user', 2)];
const [first, second] = [id('authentication', 1), id('authentication', 2)];
const now = Date.parse(time()) / 30_000;
const totp: Factor = { kind: 'totp', secretId: 'secret-7', step: now };
const key: Factor = { kind: 'webauthn', credentialId: 'Y3JlZA', publicKey: 'pQECAyYg', counter: 5 };
const codes: Factor = { kind: 'recovery', secretId: 'secret-8', codes: 10 };

const enrol = (factor: Factor, change: Partial<EnrolFactor> = {}): EnrolFactor => ({
  type: 'enrol',
  userId: ann,
  label: 'phone',
  factor,
  verified: true,
  at: time(),
  ...change,
});
const enrolled = (factor: Factor): FactorEvent => ({
  type: 'FactorEnrolled',
  data: { userId: ann, label: 'phone', factor },
});
const use = (shown: FactorUse, authenticationId: AuthenticationId = first, at = time()): UseFactor => ({
  type: 'use',
  userId: ann,
  authenticationId,
  use: shown,
  at,
});
const used = (shown: FactorUse, authenticationId: AuthenticationId = first): FactorEvent => ({
  type: 'FactorUsed',
  data: { userId: ann, authenticationId, use: shown },
});
const removed: FactorEvent = { type: 'FactorRemoved', data: { userId: ann, by: 'owner' } };
const step = (number: number): FactorUse => ({ kind: 'totp', step: number });
const counter = (number: number): FactorUse => ({ kind: 'webauthn', counter: number });
const code = (number: number): FactorUse => ({ kind: 'recovery', code: number });
/** The middle of a step, so many steps from now. */
const later = (steps: number): string => time(steps * 30_000 + 15_000);

describe('enrolment', () => {
  test.each([totp, key, codes])('of a $kind factor, once', (factor) => {
    given().when(enrol(factor)).thenEvents(enrolled(factor));
    given(enrolled(factor)).when(enrol(factor)).thenNothing();
    const nameless = { ...enrolled(factor), data: { userId: ann, label: shredded, factor } } as FactorEvent;
    given(nameless).when(enrol(factor)).thenNothing();
    given(enrolled(factor))
      .when(enrol(factor, { userId: ben }))
      .thenRejected('already-enrolled');
    given(enrolled(factor), removed).when(enrol(factor)).thenRejected('removed');
  });
  test('needs that the factor showed that it works', () => {
    given()
      .when(enrol(totp, { verified: false }))
      .thenRejected('not-verified');
  });
  test.each(['', 'a\nb'])('needs a label that can be shown, not %j', (label) => {
    given().when(enrol(totp, { label })).thenRejected('invalid-label');
  });
  test.each<Factor>([
    { kind: 'totp', secretId: '', step: now },
    { kind: 'totp', secretId: 's', step: now + 2 },
    { kind: 'totp', secretId: 's', step: 0.5 },
    { kind: 'webauthn', credentialId: '', publicKey: 'k', counter: 0 },
    { kind: 'webauthn', credentialId: 'c', publicKey: '', counter: 0 },
    { kind: 'webauthn', credentialId: 'c', publicKey: 'k', counter: -1 },
    { kind: 'recovery', secretId: '', codes: 10 },
    { kind: 'recovery', secretId: 's', codes: 0 },
    { kind: 'recovery', secretId: 's', codes: 21 },
    { kind: 'recovery', secretId: 's', codes: 1.5 },
  ])('refuses %o', (factor) => {
    given().when(enrol(factor)).thenRejected('invalid-factor');
  });
});

describe('a use', () => {
  test('needs a factor of that person, which stands', () => {
    given()
      .when(use(step(now + 1)))
      .thenRejected('absent');
    given(enrolled(totp), removed)
      .when(use(step(now + 1)))
      .thenRejected('removed');
    given(enrolled(totp))
      .when({ ...use(step(now + 1)), userId: ben })
      .thenRejected('not-owner');
  });
  test.each([
    [totp, counter(9)],
    [key, code(0)],
    [codes, step(now)],
  ])('is of the kind of the factor', (factor, shown) => {
    given(enrolled(factor)).when(use(shown)).thenRejected('other-kind');
  });
  test('takes a TOTP code once, also the one shown at enrolment', () => {
    given(enrolled(totp))
      .when(use(step(now)))
      .thenRejected('used');
    given(enrolled(totp))
      .when(use(step(now + 1)))
      .thenEvents(used(step(now + 1)));
    given(enrolled(totp), used(step(now + 1)))
      .when(use(step(now + 1), second))
      .thenRejected('used');
    given(enrolled(totp), used(step(now + 1)))
      .when(use(step(now), second))
      .thenRejected('used');
    given(enrolled(totp), used(step(now + 1)))
      .when(use(step(now + 2), second, later(1)))
      .thenEvents(used(step(now + 2), second));
  });
  test.each([
    [3, false],
    [4, true],
    [5, true],
    [6, true],
    [7, false],
    [4.5, false],
    [Number.NaN, false],
  ])('takes TOTP codes of one step either way: now is 5, the code of %d', (number, right) => {
    const outcome = given(enrolled(totp)).when(use(step(now + number), first, later(5)));
    if (right) outcome.thenEvents(used(step(now + number)));
    else outcome.thenRejected('out-of-window');
  });
  test('wants a WebAuthn counter to grow', () => {
    given(enrolled(key))
      .when(use(counter(6)))
      .thenEvents(used(counter(6)));
    for (const number of [5, 4, 0, -1, 6.5])
      given(enrolled(key))
        .when(use(counter(number)))
        .thenRejected('used');
    given(enrolled(key), used(counter(9)))
      .when(use(counter(9), second))
      .thenRejected('used');
  });
  test('takes an authenticator that counts nothing, once per attempt', () => {
    const silent: Factor = { ...key, counter: 0 };
    given(enrolled(silent))
      .when(use(counter(0)))
      .thenEvents(used(counter(0)));
    given(enrolled(silent), used(counter(0)))
      .when(use(counter(0)))
      .thenRejected('used');
    given(enrolled(silent), used(counter(0)))
      .when(use(counter(0), second))
      .thenEvents(used(counter(0), second));
    given(enrolled(silent), used(counter(3)))
      .when(use(counter(0), second))
      .thenRejected('used');
  });
  test('takes each recovery code once', () => {
    given(enrolled(codes))
      .when(use(code(9)))
      .thenEvents(used(code(9)));
    given(enrolled(codes), used(code(9)))
      .when(use(code(9), second))
      .thenRejected('used');
    given(enrolled(codes), used(code(9)))
      .when(use(code(3), second))
      .thenEvents(used(code(3), second));
    given(enrolled(codes), used(code(9)), used(code(3), second))
      .when(use(code(9), id('authentication', 3)))
      .thenRejected('used');
    for (const number of [-1, 10, 0.5])
      given(enrolled(codes))
        .when(use(code(number)))
        .thenRejected('no-such-code');
  });
});

test('removal is for once and for good', () => {
  const remove: FactorCommand = { type: 'remove', userId: ann, by: 'owner' };
  given().when(remove).thenRejected('absent');
  given(enrolled(totp))
    .when({ ...remove, userId: ben })
    .thenRejected('not-owner');
  given(enrolled(totp)).when(remove).thenEvents(removed);
  given(enrolled(totp), removed).when(remove).thenNothing();
  given(removed, used(step(now)))
    .when(use(step(now)))
    .thenRejected('removed');
});

test('law: whatever is tried, and however often, no code counts twice and none before one that counted', () => {
  const attempt = fc.integer({ min: 1, max: 60 }).map((number) => id('authentication', number));
  const tries = fc.array(
    fc.record({ attempt, number: fc.integer({ min: 0, max: 12 }), moment: fc.integer({ min: 0, max: 12 }) }),
    { maxLength: 60 },
  );
  const kind = fc.constantFrom('totp' as const, 'webauthn' as const, 'recovery' as const);
  fc.assert(
    fc.property(kind, tries, (which, list) => {
      const factor = { totp, webauthn: key, recovery: codes }[which];
      const history: FactorEvent[] = [enrolled(factor)];
      const counted: number[] = [];
      for (const { attempt: authenticationId, number, moment } of list) {
        const shown = { totp: step(now + number), webauthn: counter(number), recovery: code(number) }[which];
        const decision = factorDecider.decide(
          use(shown, authenticationId, later(moment)),
          fold(factorDecider, history),
        );
        if (!decision.ok) continue;
        expect(decision.events).toHaveLength(1);
        history.push(...decision.events);
        counted.push(number);
      }
      expect(new Set(counted).size).toBe(counted.length);
      if (which !== 'recovery') expect(counted).toEqual([...counted].sort((a, b) => a - b));
    }),
    { numRuns: 500 },
  );
});
