import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type AccessPlace,
  evaluateAccess,
  evaluateReach,
  type PolicySet,
} from '../../../src/domain/policy/evaluate.ts';
import { protocols } from '../../../src/domain/kernel/door.ts';
import { count } from '../../kit/counts.ts';
import { id } from '../kit/ids.ts';
import { claims, condition, entitlement, policy, target } from '../kit/samples.ts';

const numbers = fc.integer({ min: 1, max: 3 });

const somePlace: fc.Arbitrary<AccessPlace> = fc
  .record({
    number: numbers,
    protocol: fc.constantFrom(...protocols),
    disabled: fc.boolean(),
    usernames: fc.uniqueArray(fc.constantFrom('root', 'deploy', 'www'), { maxLength: 3 }),
  })
  .map(({ number, protocol, disabled, usernames }) => ({
    target: { id: id('target', number), spec: { ...target, name: `web-${number}`, protocol, disabled } },
    accounts: usernames.map((username, index) => ({ id: id('account', 10 * number + index), username })),
  }));

const someRules: fc.Arbitrary<PolicySet> = fc
  .array(
    fc.record({
      targets: fc.uniqueArray(numbers, { maxLength: 3 }),
      accounts: fc.subarray(['root', 'deploy']),
      conditionIds: fc.subarray([id('condition', 1), id('condition', 2)]),
      approval: fc.constantFrom(null, { by: [], mode: 'any' as const }),
      assign: fc.constantFrom('"ops" in claims.user.groups', 'claims.system.protocol == "ssh"', 'false'),
    }),
    { maxLength: 4 },
  )
  .map((given) => ({
    policies: given.map(({ assign }, index) => ({
      id: id('policy', index),
      version: 1,
      spec: { ...policy, assign, entitlementIds: [id('entitlement', index)] },
    })),
    entitlements: given.map(({ targets, accounts, conditionIds, approval }, index) => ({
      id: id('entitlement', index),
      version: 1,
      spec: {
        ...entitlement,
        access: { ...entitlement.access, targets: targets.map((number) => `web-${number}`), accounts },
        conditionIds,
        approval,
      },
    })),
    conditions: [
      { id: id('condition', 1), version: 1, spec: condition },
      { id: id('condition', 2), version: 1, spec: { ...condition, expression: 'claims.user.provider == "radius"' } },
    ],
  }));

test('a list of what is open says of each account what admission says when it is named', () => {
  fc.assert(
    fc.property(
      fc.array(somePlace, { maxLength: 5 }),
      someRules,
      fc.constantFrom(...protocols),
      (places, rules, protocol) => {
        const listed = evaluateReach({ claims, rules, protocol, places });
        const named = places.flatMap((place) =>
          place.accounts.map((account) => ({
            place,
            account,
            decision: evaluateAccess({ ...place, claims, rules, protocol, accountUsername: account.username }),
          })),
        );
        expect(listed).toEqual(named);
      },
    ),
    { numRuns: count(200, 5000) },
  );
});
