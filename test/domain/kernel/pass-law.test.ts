import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fold } from '../../../src/domain/kernel/decider.ts';
import type { DomainEvent } from '../../../src/domain/kernel/event.ts';
import type { AdmitSession, PassScope, RevokePass } from '../../../src/domain/kernel/pass.ts';
import { count } from '../../kit/counts.ts';
import { hour, id, minute, time } from '../kit/ids.ts';
import { keyKind, loginKind, session as someSession, tokenKind } from './passes.ts';

const some = (most: number) => fc.integer({ min: 1, max: most });
const protocol = fc.constantFrom('ssh' as const, 'rdp' as const, 'postgres' as const);
const moment = fc.integer({ min: 0, max: 120 }).map((minutes) => time(minutes * minute));
const scope: fc.Arbitrary<PassScope> = fc.record({
  protocols: fc.option(fc.uniqueArray(protocol, { minLength: 1 })),
  targetId: fc.option(some(2).map((number) => id('target', number))),
});
const session = fc
  .record({ session: some(4), user: some(2), target: some(2), protocol })
  .map(({ session: number, user, target, protocol: door }) => ({
    ...someSession(number),
    userId: id('user', user),
    targetId: id('target', target),
    protocol: door,
  }));
const command: fc.Arbitrary<AdmitSession | RevokePass> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant('admit' as const), session, at: moment }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('revoke' as const), reason: fc.constant('owner' as const), at: moment }),
  },
);

/** What a pass is, told again as simply as can be; the deciders must agree with it at every step. */
interface Model {
  readonly scope: PassScope;
  revoked: boolean;
  readonly admitted: Map<string, string>;
}

function mayAdmit(model: Model, { session: wish, at }: AdmitSession): boolean {
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

test.each([
  { noun: 'token', kind: scope.map(tokenKind) },
  { noun: 'key', kind: fc.constant(keyKind) },
  { noun: 'login', kind: fc.constant(loginKind) },
])(
  'law of a $noun: no SessionAdmitted after revocation, after the end, or out of scope, in any order of wishes',
  (each) => {
    fc.assert(
      fc.property(
        each.kind,
        fc.array(command, { maxLength: 30 }),
        ({ decider, made, revoked, scope: narrowed }, commands) => {
          const model: Model = { scope: narrowed, revoked: false, admitted: new Map() };
          const history: DomainEvent[] = [made];
          for (const wish of commands) {
            const decision = decider.decide(wish, fold(decider, history));
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
          const end = types.indexOf(revoked.type);
          if (end !== -1) expect(end).toBe(types.length - 1);
          expect(types.filter((type) => type === 'SessionAdmitted')).toHaveLength(model.admitted.size);
        },
      ),
      { numRuns: count(500, 20_000) },
    );
  },
);
