import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AnswerChallenge, BeginMechanism } from '../../../src/domain/authentication/commands.ts';
import { authenticationDecider } from '../../../src/domain/authentication/decider.ts';
import type { AuthenticationEvent } from '../../../src/domain/authentication/events.ts';
import { fold } from '../../../src/domain/kernel/decider.ts';
import { time } from '../kit/ids.ts';
import { ann, answer, atProvider, ben, identityId, key, oath, phone, started, stick } from './attempts.ts';

test('law: whoever gets in was named, stood everywhere, met every challenge with a factor each, and is nobody else', () => {
  const user = fc.constantFrom(ann, ann, ann, ben);
  const fact = fc.record({
    mechanismId: fc.constantFrom('idp', 'oath', 'key'),
    begin: fc.constantFrom(true, true, true, false),
    verified: fc.constantFrom(true, true, true, false),
    linkedTo: fc.option(user, { freq: 6 }),
    provider: fc.constantFrom('corp', 'corp', 'corp', 'other'),
    owner: user,
    factorId: fc.constantFrom(phone, stick),
    userStanding: fc.constantFrom('active' as const, 'active' as const, 'disabled' as const),
    identityStanding: fc.constantFrom('active' as const, 'active' as const, 'locked' as const, null),
  });
  const wish = fc.record({
    userId: fc.constantFrom(null, ann, ben),
    required: fc.constantFrom([], [oath], [oath, key], null),
    answers: fc.array(fact, { maxLength: 8 }),
  });
  let entered = 0;
  fc.assert(
    fc.property(wish, ({ userId, required, answers }) => {
      const history: AuthenticationEvent[] = [started({ ...atProvider, userId })];
      const decide = (command: AnswerChallenge | BeginMechanism): void => {
        const decision = authenticationDecider.decide(command, fold(authenticationDecider, history));
        if (decision.ok) history.push(...decision.events);
      };
      for (const [index, each] of answers.entries()) {
        const { mechanismId, verified, userStanding, identityStanding } = each;
        const roundId = `r${index}`;
        if (each.begin) decide({ type: 'begin', mechanismId, roundId, at: time(index) });
        const identity = { identityId, provider: each.provider, linkedTo: each.linkedTo };
        const factor = { factorId: each.factorId, userId: each.owner };
        const facts = mechanismId === 'idp' ? { identity } : { factor };
        decide(
          answer(mechanismId, {
            roundId,
            verified,
            userStanding,
            identityStanding,
            required,
            ...facts,
            at: time(index),
          }),
        );
        const last = history.at(-1);
        if (last?.type !== 'AuthenticationSucceeded') continue;
        entered += 1;
        expect([verified, userStanding, identityStanding]).toEqual([true, 'active', 'active']);
        const right = history.filter((event) => event.type === 'ChallengeAnswered');
        expect(right.map(({ data }) => data.accepted)).toEqual(right.map(() => true));
        expect(right).toHaveLength(1 + (required?.length ?? Number.NaN));
        const factors = right.flatMap(({ data }) => data.factorId ?? []);
        expect(new Set(factors).size).toBe(required?.length);
        const named = history.find((event) => event.type === 'AuthenticationIdentified');
        expect(named?.data.userId).toBe(last.data.userId);
        if (userId !== null) expect(last.data.userId).toBe(userId);
        break;
      }
    }),
    { numRuns: 3_000 },
  );
  expect(entered).toBeGreaterThan(5);
});
