import { describe, expect, test } from 'vitest';
import type { AccessQuestion, DenialReason, PolicySet, Standing } from '../../../src/domain/policy/evaluate.ts';
import { evaluateAccess, policyVersionInputs } from '../../../src/domain/policy/evaluate.ts';
import type { ConditionSpec, EntitlementSpec, PolicySpec } from '../../../src/domain/policy/events.ts';
import { id } from '../kit/ids.ts';
import { claims, condition, entitlement, policy, target } from '../kit/samples.ts';

const access = entitlement.access;
const entitled = (number: number, change: Partial<EntitlementSpec> = {}): PolicySet['entitlements'][number] => ({
  id: id('entitlement', number),
  version: number,
  spec: { ...entitlement, name: `entitlement-${number}`, ...change },
});
const assigning = (change: Partial<PolicySpec> = {}, number = 1): PolicySet['policies'][number] => ({
  id: id('policy', number),
  version: 1,
  spec: { ...policy, ...change },
});
const conditioned = (number: number, change: Partial<ConditionSpec> = {}): PolicySet['conditions'][number] => ({
  id: id('condition', number),
  version: 1,
  spec: { ...condition, ...change },
});
const rules = (change: Partial<PolicySet> = {}): PolicySet => ({
  policies: [assigning()],
  entitlements: [entitled(1)],
  conditions: [conditioned(1), conditioned(2, { expression: 'claims.user.provider == "radius"' })],
  ...change,
});
const root = { id: id('account', 1), username: 'root' };
const web = { id: id('account', 2), username: 'www-data' };
const question = (change: Partial<AccessQuestion> = {}): AccessQuestion => ({
  claims,
  rules: rules(),
  target: { id: id('target'), spec: target },
  accounts: [root],
  protocol: 'ssh',
  accountUsername: null,
  ...change,
});
const allowedBy = (number: number, account = root) =>
  expect.objectContaining({
    allowed: true,
    grant: expect.objectContaining({
      account,
      entitlement: { id: id('entitlement', number), version: number, name: `entitlement-${number}` },
    }) as unknown,
  }) as unknown;
const denied = (reason: DenialReason) => ({ allowed: false, denial: { reason } });
const withEntitlement = (change: Partial<EntitlementSpec>) =>
  question({ rules: rules({ entitlements: [entitled(1, change)] }) });

describe('a person reaches an account', () => {
  test('when a policy gives an entitlement to it', () => {
    expect(evaluateAccess(question())).toEqual({
      allowed: true,
      grant: {
        account: root,
        entitlement: { id: id('entitlement', 1), version: 1, name: 'entitlement-1' },
        recording: 'required',
        channels: access.channels,
        maxSessionMilliseconds: null,
        idleMilliseconds: null,
      },
    });
  });
  test('with the limits of the entitlement', () => {
    const limits = { recording: 'strict', maxSessionMilliseconds: 5, idleMilliseconds: 6 } as const;
    expect(evaluateAccess(withEntitlement(limits))).toMatchObject({ allowed: true, grant: limits });
  });
  test('by labels of the target and of the entitlement, all of them', () => {
    const byLabels = (labels: Record<string, string>, entitlementLabels: Record<string, string>) =>
      question({
        rules: rules({
          policies: [assigning({ entitlementIds: [], entitlementLabels })],
          entitlements: [entitled(1, { access: { ...access, targets: [], labels } })],
        }),
      });
    expect(evaluateAccess(byLabels({ tier: 'web' }, { team: 'ops' }))).toEqual(allowedBy(1));
    expect(evaluateAccess(byLabels({ tier: 'web', site: 'north' }, { team: 'ops' }))).toMatchObject(
      denied('not-entitled'),
    );
    expect(evaluateAccess(byLabels({ tier: 'web' }, { team: 'dev' }))).toMatchObject(denied('not-entitled'));
    expect(evaluateAccess(byLabels({}, { team: 'ops' }))).toMatchObject(denied('not-entitled'));
    expect(evaluateAccess(byLabels({ tier: 'web' }, {}))).toMatchObject(denied('not-entitled'));
  });
  test('when the condition holds', () => {
    expect(evaluateAccess(withEntitlement({ conditionIds: [id('condition', 1)] }))).toEqual(allowedBy(1));
  });
  test('by name when there are several', () => {
    const both = question({ accounts: [root, web] });
    expect(evaluateAccess({ ...both, accountUsername: 'www-data' })).toEqual(allowedBy(1, web));
    expect(evaluateAccess(both)).toMatchObject({
      allowed: false,
      denial: { reason: 'account-ambiguous', candidates: [root, web] },
    });
  });
  test('without a name when only one is open', () => {
    const only = withEntitlement({ access: { ...access, accounts: ['www-data'] } });
    expect(evaluateAccess({ ...only, accounts: [root, web] })).toEqual(allowedBy(1, web));
  });
});

describe('a no says why', () => {
  test.each<[string, DenialReason, AccessQuestion]>([
    ['disabled target', 'disabled', question({ target: { id: id('target'), spec: { ...target, disabled: true } } })],
    ['another protocol', 'wrong-protocol', question({ protocol: 'rdp' })],
    ['no account of that name', 'no-account', question({ accountUsername: 'Root' })],
    ['no account at all', 'no-account', question({ accounts: [] })],
    ['no policy', 'not-entitled', question({ rules: rules({ policies: [] }) })],
    ['a disabled policy', 'not-entitled', question({ rules: rules({ policies: [assigning({ disabled: true })] }) })],
    [
      'a policy for others',
      'not-entitled',
      question({ rules: rules({ policies: [assigning({ assign: '"x" in claims.user.groups' })] }) }),
    ],
    [
      'a policy that fails',
      'not-entitled',
      question({ rules: rules({ policies: [assigning({ assign: 'claims.device.missing' })] }) }),
    ],
    [
      'a policy that does not compile',
      'not-entitled',
      question({ rules: rules({ policies: [assigning({ assign: 'true ||' })] }) }),
    ],
    ['a disabled entitlement', 'not-entitled', withEntitlement({ disabled: true })],
    ['another target', 'not-entitled', withEntitlement({ access: { ...access, targets: ['web-2'] } })],
    ['another account', 'not-entitled', withEntitlement({ access: { ...access, accounts: ['www-data'] } })],
    [
      'another protocol of the entitlement',
      'not-entitled',
      withEntitlement({ access: { ...access, protocols: ['rdp'] } }),
    ],
    ['approval', 'approval-needed', withEntitlement({ approval: { by: ['ops'], mode: 'any' } })],
    ['a false condition', 'condition-false', withEntitlement({ conditionIds: [id('condition', 2)] })],
    [
      'an unknown condition',
      'condition-false',
      withEntitlement({ conditionIds: [id('condition', 1), id('condition', 9)] }),
    ],
  ])('%s: %s', (_what, reason, asked) => {
    expect(evaluateAccess(asked)).toMatchObject(denied(reason));
  });
  test.each(['useCredential', 'accessTarget', 'startSession'] as const)('without the right %s', (missing) => {
    const rights = access.rights.filter((right) => right !== missing);
    const decision = evaluateAccess(withEntitlement({ access: { ...access, rights } }));
    expect(decision).toMatchObject({ allowed: false, denial: { reason: 'right-missing' } });
    expect(JSON.stringify(decision)).toContain(missing);
  });
  test('which conditions do not hold', () => {
    const conditionIds = [id('condition', 1), id('condition', 2), id('condition', 9)];
    expect(evaluateAccess(withEntitlement({ conditionIds }))).toMatchObject({
      denial: { conditions: [id('condition', 2), id('condition', 9)] },
    });
  });
  test('which conditions can not be answered', () => {
    const asked = question({
      rules: rules({
        entitlements: [entitled(1, { conditionIds: [id('condition', 3)] })],
        conditions: [conditioned(3, { expression: 'claims.device.missing == 1' })],
      }),
    });
    expect(JSON.stringify(evaluateAccess(asked))).toContain('no_such_key');
  });
  test('the reason of the entitlement that came closest', () => {
    const entitlements = [
      entitled(1, { access: { ...access, rights: [] } }),
      entitled(2, { approval: { by: [], mode: 'any' } }),
      entitled(3, { conditionIds: [id('condition', 2)] }),
    ];
    const policies = [assigning({ entitlementIds: entitlements.map((each) => each.id) })];
    expect(evaluateAccess(question({ rules: rules({ policies, entitlements }) }))).toMatchObject(
      denied('approval-needed'),
    );
  });
});

describe('a condition that says what helps', () => {
  const ticket = conditioned(3, {
    expression: 'claims.user.reason.startsWith("OPS-")',
    remedy: { kind: 'reason', text: 'a ticket number' },
  });
  const why = conditioned(4, { expression: 'claims.user.reason != ""', remedy: { kind: 'reason', text: 'why' } });
  const closed = conditioned(5, { expression: 'false', remedy: { kind: 'message', text: 'closed' } });
  const never = conditioned(6, { expression: 'false' });
  const asked = (conditions: PolicySet['conditions'], reason = '', change: Partial<AccessQuestion> = {}) =>
    question({
      claims: { ...claims, user: { ...claims.user, reason } },
      rules: rules({ entitlements: [entitled(1, { conditionIds: conditions.map((each) => each.id) })], conditions }),
      ...change,
    });
  const says = (reason: DenialReason, ...texts: string[]) => ({ denial: { reason, texts } });

  test('asks for a reason, and is met by the one it wants', () => {
    expect(evaluateAccess(asked([ticket]))).toMatchObject(says('reason-needed', 'a ticket number'));
    expect(evaluateAccess(asked([ticket], 'because'))).toMatchObject(says('reason-needed', 'a ticket number'));
    expect(evaluateAccess(asked([ticket], 'OPS-1'))).toEqual(allowedBy(1));
  });
  test('asks for all reasons that are missing', () => {
    expect(evaluateAccess(asked([ticket, why]))).toMatchObject(says('reason-needed', 'a ticket number', 'why'));
    expect(evaluateAccess(asked([ticket, why], 'because'))).toMatchObject(says('reason-needed', 'a ticket number'));
  });
  test('asks for nothing that would not help', () => {
    expect(evaluateAccess(asked([ticket, closed]))).toMatchObject(says('condition-false', 'closed'));
    expect(evaluateAccess(asked([ticket, never]))).toMatchObject(says('condition-false'));
    expect(evaluateAccess(asked([never, closed, ticket]))).toMatchObject(says('condition-false', 'closed'));
    const unknown = asked([ticket]);
    expect(evaluateAccess({ ...unknown, rules: { ...unknown.rules, conditions: [] } })).toMatchObject(
      says('condition-false'),
    );
  });
  test('an account must be named before a reason is asked for', () => {
    const accounts = [root, web];
    expect(evaluateAccess(asked([ticket], '', { accounts }))).toMatchObject({
      denial: { reason: 'account-ambiguous', candidates: accounts },
    });
    expect(evaluateAccess(asked([ticket], '', { accounts, accountUsername: 'root' }))).toMatchObject(
      denied('reason-needed'),
    );
  });
  test('an entitlement that asks for none comes first', () => {
    const { rules: set } = asked([ticket]);
    const entitlements = [...set.entitlements, entitled(2)];
    const policies = [assigning({ entitlementIds: entitlements.map((each) => each.id) })];
    expect(evaluateAccess(asked([ticket], '', { rules: { ...set, entitlements, policies } }))).toEqual(allowedBy(2));
  });
  test('what a reason opens is nearer than what somebody else would have to approve', () => {
    const { rules: set } = asked([ticket]);
    const entitlements = [...set.entitlements, entitled(2, { approval: { by: [], mode: 'any' } })];
    const policies = [assigning({ entitlementIds: entitlements.map((each) => each.id) })];
    expect(evaluateAccess(asked([ticket], '', { rules: { ...set, entitlements, policies } }))).toMatchObject(
      denied('reason-needed'),
    );
  });
});

describe('among several entitlements', () => {
  const choose = (...entitlements: readonly Standing<`entitlement-${string}`, EntitlementSpec>[]) =>
    evaluateAccess(
      question({
        rules: rules({ policies: [assigning({ entitlementIds: entitlements.map((each) => each.id) })], entitlements }),
      }),
    );
  test('one that allows is enough', () => {
    expect(choose(entitled(1, { conditionIds: [id('condition', 2)] }), entitled(2))).toEqual(allowedBy(2));
  });
  test.each([
    ['strict', 'required'],
    ['required', 'preferred'],
    ['preferred', 'off'],
    ['strict', 'off'],
  ] as const)('recording %s comes before %s', (stricter, laxer) => {
    expect(choose(entitled(1, { recording: laxer }), entitled(2, { recording: stricter }))).toEqual(allowedBy(2));
    expect(choose(entitled(1, { recording: stricter }), entitled(2, { recording: laxer }))).toEqual(allowedBy(1));
  });
  test('then the smallest name, then the smallest id', () => {
    expect(choose(entitled(2), entitled(1))).toEqual(allowedBy(1));
    expect(choose(entitled(1), entitled(2))).toEqual(allowedBy(1));
    expect(choose(entitled(1, { name: 'entitlement-9' }), entitled(2))).toEqual(allowedBy(2));
    const named = (number: number) => entitled(number, { name: 'same' });
    expect(choose(named(2), named(1))).toMatchObject({ grant: { entitlement: { id: id('entitlement', 1) } } });
    expect(choose(named(1), named(2))).toMatchObject({ grant: { entitlement: { id: id('entitlement', 1) } } });
  });
});

test('the policy version names all that stands, sorted by id', () => {
  const set = rules({ entitlements: [entitled(2), entitled(1)] });
  expect(policyVersionInputs(set).map((each) => each.id)).toEqual([
    id('condition', 1),
    id('condition', 2),
    id('entitlement', 1),
    id('entitlement', 2),
    id('policy', 1),
  ]);
});
