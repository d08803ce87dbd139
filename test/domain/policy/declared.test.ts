import { describe, test } from 'vitest';
import { conditionDecider } from '../../../src/domain/policy/condition/decider.ts';
import { policyDecider } from '../../../src/domain/policy/decider.ts';
import { entitlementDecider } from '../../../src/domain/policy/entitlement/decider.ts';
import type { EntitlementSpec, PolicySpec } from '../../../src/domain/policy/events.ts';
import { roleDecider } from '../../../src/domain/policy/role/decider.ts';
import { defaultChannels, type SshChannels } from '../../../src/domain/policy/channels.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { condition, entitlement, policy, role } from '../kit/samples.ts';

describe('role', () => {
  const given = deciderSpec(roleDecider);
  test.each(['admin', 'auditor', 'operator'])('%s is built in', (name) => {
    given()
      .when({ type: 'declare', spec: { ...role, name } })
      .thenRejected('built-in');
    given().when({ type: 'withdraw' }).thenRejected('absent');
  });
  test('a name that objects inherit is just a name', () => {
    const data = { ...role, name: 'constructor' };
    given().when({ type: 'declare', spec: data }).thenEvents({ type: 'RoleDeclared', data });
  });
});

describe('condition', () => {
  const given = deciderSpec(conditionDecider);
  test.each(['', 'claims.', '1 + 1', 'claims.user.gruops == []', 'now() > 1'])('refuses %j', (expression) => {
    given()
      .when({ type: 'declare', spec: { ...condition, expression } })
      .thenRejected('invalid-expression');
  });
  test('refuses another dialect', () => {
    given()
      .when({ type: 'declare', spec: { ...condition, dialect: 'cel' } })
      .thenRejected('unknown-dialect');
  });
  const asking = (expression: string) =>
    ({ ...condition, expression, remedy: { kind: 'reason', text: 'why?' } }) as const;
  test.each(['true', 'claims.device.reason == "x"', '"claims.user.reason" != ""'])(
    'no reason can meet %j',
    (expression) => {
      given()
        .when({ type: 'declare', spec: asking(expression) })
        .thenRejected('reason-not-read');
    },
  );
  test.each(['claims.user.reason != ""', '"ops" in claims.user.groups || size(claims.user.reason) > 9'])(
    'a reason may meet %j',
    (expression) => {
      const data = asking(expression);
      given().when({ type: 'declare', spec: data }).thenEvents({ type: 'ConditionDeclared', data });
    },
  );
  test('takes a message for whatever it asks', () => {
    const data = { ...condition, remedy: { kind: 'message', text: 'come back at eight' } } as const;
    given().when({ type: 'declare', spec: data }).thenEvents({ type: 'ConditionDeclared', data });
  });
});

describe('entitlement', () => {
  const given = deciderSpec(entitlementDecider);
  const declare = (change: Partial<EntitlementSpec>) =>
    ({ type: 'declare', spec: { ...entitlement, ...change } }) as const;
  const access = entitlement.access;

  test.each([null, {}])('needs targets or labels, not %j', (labels) => {
    given()
      .when(declare({ access: { ...access, targets: [], labels } }))
      .thenRejected('no-targets');
  });
  test('takes labels in place of targets', () => {
    const data = { ...entitlement, access: { ...access, targets: [], labels: { tier: 'web' } } };
    given().when({ type: 'declare', spec: data }).thenEvents({ type: 'EntitlementDeclared', data });
  });
  test('takes fewer rights than a session needs', () => {
    const data = { ...entitlement, access: { ...access, rights: ['revealCredential'] as const } };
    given().when({ type: 'declare', spec: data }).thenEvents({ type: 'EntitlementDeclared', data });
  });
  test.each([0, -1, 0.5, Number.POSITIVE_INFINITY])('limits nothing to %d ms', (milliseconds) => {
    given()
      .when(declare({ maxSessionMilliseconds: milliseconds }))
      .thenRejected('invalid-max-session');
    given()
      .when(declare({ idleMilliseconds: milliseconds }))
      .thenRejected('invalid-idle');
  });
  const opening = (ssh: Partial<SshChannels>) =>
    declare({ access: { ...access, channels: { ...defaultChannels, ssh: { ...defaultChannels.ssh, ...ssh } } } });
  test('names its channels well, or not at all', () => {
    given()
      .when(opening({ forward: ['db1:5432', 'db1'] }))
      .thenRejected('invalid-forward');
    given()
      .when(opening({ env: ['TZ', '*'] }))
      .thenRejected('invalid-env');
    given()
      .when(opening({ maxFileBytes: 0 }))
      .thenRejected('invalid-max-file-bytes');
  });
  test.each([
    [{ databases: ['é'.repeat(32)] }, 'invalid-databases'],
    [{ allow: ['SELECT'] }, 'invalid-statements'],
    [{ deny: ['drop', 'drop everything'] }, 'invalid-statements'],
    [{ objects: { allow: ['a.b.c'], deny: [] } }, 'invalid-objects'],
    [{ objects: { allow: [], deny: ['*'] } }, 'invalid-objects'],
    [{ maxRows: 0 }, 'invalid-max-rows'],
    [{ maxBytes: 1.5 }, 'invalid-max-bytes'],
  ] as const)('refuses what PostgreSQL channels can not hold: %j', (postgres, code) => {
    const channels = { ...defaultChannels, postgres: { ...defaultChannels.postgres, ...postgres } };
    given()
      .when(declare({ access: { ...access, channels } }))
      .thenRejected(code);
  });
  test('takes limits above zero', () => {
    const data = { ...entitlement, maxSessionMilliseconds: 1, idleMilliseconds: 1 };
    given().when({ type: 'declare', spec: data }).thenEvents({ type: 'EntitlementDeclared', data });
  });
});

describe('policy', () => {
  const given = deciderSpec(policyDecider);
  const declare = (change: Partial<PolicySpec>) => ({ type: 'declare', spec: { ...policy, ...change } }) as const;

  test.each(['', 'user.groups', '"x"'])('refuses to assign by %j', (assign) => {
    given().when(declare({ assign })).thenRejected('invalid-assign');
  });
  test('refuses another dialect', () => {
    given()
      .when(declare({ dialect: '' }))
      .thenRejected('unknown-dialect');
  });
  test.each([null, {}])('gives entitlements, not none by labels %j', (entitlementLabels) => {
    given()
      .when(declare({ entitlementIds: [], entitlementLabels }))
      .thenRejected('gives-nothing');
  });
  test('takes labels in place of entitlements', () => {
    const data = { ...policy, entitlementIds: [], entitlementLabels: { team: 'ops' } };
    given().when({ type: 'declare', spec: data }).thenEvents({ type: 'PolicyDeclared', data });
  });
});
