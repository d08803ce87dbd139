import { expect, test } from 'vitest';
import { ask } from '../../application/kit/house.ts';
import { openAdministration } from './administration-kit.ts';

const simulate =
  'query($input: SimulateConditionInput!) { simulateCondition(input: $input) { result output error cost mostCost } }';
const explain =
  'query($account: String) { explainAccess(user: "alice", target: "box", account: $account) { allowed reason account entitlement entitlements } }';

test('a condition is tried on claims, at a time, with the dialect and limits of real ones', async () => {
  const { data, run } = await openAdministration();
  const said = async (expression: string, claims: unknown = {}, time: string | null = '2026-03-02T09:30:00Z') =>
    (await data(simulate, { input: { expression, claims, time } })).simulateCondition as Record<string, unknown>;
  expect(await said('"dev" in claims.user.groups', { user: { groups: ['dev'] } })).toMatchObject({
    result: true,
    output: true,
    error: null,
  });
  expect(await said('claims.system.local.hour == 9 && claims.system.local.weekday == 1')).toMatchObject({
    result: true,
  });
  expect(await said('claims.system.local.hour == 9', {}, '2026-03-02T10:30:00Z')).toMatchObject({
    result: false,
    output: false,
  });
  expect(await said('claims.user.nothing == 1')).toMatchObject({
    result: false,
    output: null,
    error: expect.any(String),
  });
  expect(
    (
      await said('claims.user.groups.all(a, claims.user.groups.all(b, a + b != "x"))', {
        user: { groups: Array(900).fill('a long name') },
      })
    ).error,
  ).toContain('costly');
  expect(await said('true', { user: 7, device: null })).toMatchObject({ result: true });
  const claims = (await data('{ claimsOf(user: "alice") }')).claimsOf as { user: { username: string } };
  expect(claims.user.username).toBe('alice');
  expect(await said('claims.user.username == "alice"', claims)).toMatchObject({ result: true });
  // Claims of a person tell the time at which they were asked for: a time that is asked for goes before it.
  const [night, three] = [{ system: { local: { hour: 3 } } }, 'claims.system.local.hour == 3'];
  expect(await said(three, night)).toMatchObject({ result: false });
  expect(await said(three, night, null)).toMatchObject({ result: true });
  expect((await data('{ claimsOf(user: "nobody") }')).claimsOf).toBeNull();
  for (const as of ['spl_user', 'spl_auditor', 'spl_operator']) {
    for (const query of [
      '{ claimsOf(user: "alice") }',
      '{ simulateCondition(input: {expression: "true"}) { result } }',
      explain,
    ]) {
      expect((await run(query, {}, as)).json.errors[0].extensions.code).toBe('denied');
    }
  }
});

test('what is explained is what admission says, whatever stands', async () => {
  const { data, house } = await openAdministration();
  const condition = (expression: string): string =>
    `apiVersion: sallyport/v1\nkind: Condition\nmetadata: {name: c}\nspec: {expression: ${JSON.stringify(expression)}}\n`;
  const entitlement = (spec: string): string =>
    `apiVersion: sallyport/v1\nkind: Entitlement\nmetadata: {name: box}\nspec: {access: {targets: [box]${spec}\n`;
  const policy = (assign: string, more = ''): string =>
    `apiVersion: sallyport/v1\nkind: Policy\nmetadata: {name: everybody}\nspec: {assign: ${JSON.stringify(assign)}, entitlements: [box]${more}}\n`;
  const states = [
    condition('claims.user.username == "bob"'),
    entitlement('}, conditions: [c]}'),
    condition('claims.user.username == "alice"'),
    policy('"dev" in claims.user.groups'),
    policy('true', ', disabled: true'),
    policy('true'),
    entitlement(', accounts: [deploy]}}'),
    entitlement(', rights: [accessTarget, startSession]}}'),
    entitlement('}}'),
    'apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {disabled: true}\n',
  ];
  const token = await house.token();
  for (const state of ['', ...states]) {
    if (state !== '') await house.apply(state);
    for (const account of [null, 'root', 'deploy']) {
      const { explainAccess } = await data(explain, { account });
      const admission = await ask(house, token, { destination: { target: 'box', account } }).admission;
      expect([state, account, explainAccess.allowed]).toEqual([state, account, admission.ok]);
    }
  }
  await house.apply('apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {}\n');
  await house.apply([condition('false'), entitlement('}, conditions: [c]}')].join('---\n'));
  const { explainAccess } = await data(explain);
  expect(explainAccess).toMatchObject({
    ...{ allowed: false, reason: 'condition-false', account: null, entitlement: null },
    entitlements: [
      {
        name: 'box',
        policies: [{ name: 'everybody', holds: true }],
        conditions: [{ name: 'c', holds: false, error: null }],
      },
    ],
  });
});
