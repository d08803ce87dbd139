import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold } from '../../../src/domain/kernel/decider.ts';
import type { TokenCommand } from '../../../src/domain/token/commands.ts';
import { tokenDecider } from '../../../src/domain/token/decider.ts';
import type { TokenEvent, TokenScope } from '../../../src/domain/token/events.ts';
import { count } from '../../kit/counts.ts';
import { hour, id, minute, time } from '../kit/ids.ts';

const some = (most: number) => fc.integer({ min: 1, max: most });
const protocol = fc.constantFrom('ssh' as const, 'rdp' as const, 'postgres' as const);
const moment = fc.integer({ min: 0, max: 120 }).map((minutes) => time(minutes * minute));
const scope: fc.Arbitrary<TokenScope> = fc.record({
  protocols: fc.option(fc.uniqueArray(protocol, { minLength: 1 })),
  targetId: fc.option(some(2).map((number) => id('target', number))),
});
const session = fc
  .record({ session: some(4), user: some(2), target: some(2), protocol })
  .map(({ session: number, user, target, protocol: door }) => ({
    sessionId: id('session', number),
    userId: id('user', user),
    targetId: id('target', target),
    accountId: id('account'),
    protocol: door,
    entitlement: { id: id('entitlement'), version: 1 },
    policyVersion: '',
    dialect: '',
    claimsDigest: '',
    source: '127.0.0.1',
  }));
const command: fc.Arbitrary<TokenCommand> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('admit' as const), session, at: moment }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('revoke' as const), reason: fc.constant('owner' as const), at: moment }),
  },
);

/** What a token is, told again as simply as can be; the decider must agree with it at every step. */
interface Model {
  readonly scope: TokenScope;
  revoked: boolean;
  readonly admitted: Map<string, string>;
}

function mayAdmit(model: Model, { session: wish, at }: Extract<TokenCommand, { type: 'admit' }>): boolean {
  const known = model.admitted.get(wish.sessionId);
  return (
    !model.revoked &&
    at < time(hour) &&
    wish.userId === id('user') &&
    (model.scope.protocols ?? [wish.protocol]).includes(wish.protocol) &&
    (model.scope.targetId ?? wish.targetId) === wish.targetId &&
    (known === undefined || known === JSON.stringify(wish))
  );
}

test('law: no SessionAdmitted after revocation, after the end, or out of scope, in any order of wishes', () => {
  fc.assert(
    fc.property(scope, fc.array(command, { maxLength: 30 }), (narrowed, commands) => {
      const model: Model = { scope: narrowed, revoked: false, admitted: new Map() };
      const history: TokenEvent[] = [
        {
          type: 'TemporaryTokenIssued',
          data: { userId: id('user'), loginId: id('login'), scope: narrowed, expiresAt: time(hour) },
        },
      ];
      for (const wish of commands) {
        const decision = tokenDecider.decide(wish, fold(tokenDecider, history));
        if (wish.type === 'admit') {
          expect(decision.ok).toBe(mayAdmit(model, wish));
          if (decision.ok) model.admitted.set(wish.session.sessionId, JSON.stringify(wish.session));
        } else {
          expect(decision.ok && decision.events.length === 1).toBe(!model.revoked && wish.at < time(hour));
          model.revoked ||= decision.ok && decision.events.length === 1;
        }
        if (decision.ok) history.push(...decision.events);
      }
      const types = history.map(({ type }) => type);
      const end = types.indexOf('TemporaryTokenRevoked');
      if (end !== -1) expect(end).toBe(types.length - 1);
      expect(types.filter((type) => type === 'SessionAdmitted')).toHaveLength(model.admitted.size);
    }),
    { numRuns: count(500, 20_000) },
  );
});
