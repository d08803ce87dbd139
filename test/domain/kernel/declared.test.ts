import { describe, test } from 'vitest';
import { credentialDecider } from '../../../src/domain/credential/decider.ts';
import { sshKeyDecider } from '../../../src/domain/credential/ssh-key/decider.ts';
import type { DeclaredDecider } from '../../../src/domain/kernel/declared.ts';
import { conditionDecider } from '../../../src/domain/policy/condition/decider.ts';
import { policyDecider } from '../../../src/domain/policy/decider.ts';
import { factorProviderDecider } from '../../../src/domain/policy/factor-provider/decider.ts';
import { entitlementDecider } from '../../../src/domain/policy/entitlement/decider.ts';
import { roleDecider } from '../../../src/domain/policy/role/decider.ts';
import { type IdentityProviderCode, identityProviderDecider } from '../../../src/domain/provider/decider.ts';
import type { IdentityProviderSpec } from '../../../src/domain/provider/events.ts';
import { accountDecider } from '../../../src/domain/target/account/decider.ts';
import { type TargetCode, targetDecider } from '../../../src/domain/target/decider.ts';
import type { TargetSpec } from '../../../src/domain/target/events.ts';
import { groupDecider } from '../../../src/domain/user/group/decider.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import * as samples from '../kit/samples.ts';

type ProviderLife = DeclaredDecider<
  IdentityProviderSpec,
  'IdentityProviderDeclared',
  'IdentityProviderWithdrawn',
  IdentityProviderCode
>;
type TargetLife = DeclaredDecider<TargetSpec, 'TargetDeclared', 'TargetWithdrawn', TargetCode>;

/** The life that all declared kinds share, told for each of them. */
function sharesTheLife<Spec extends { readonly name: string }, D extends string, W extends string, Code extends string>(
  noun: string,
  decider: DeclaredDecider<Spec, D, W, Code | 'invalid-name'>,
  types: readonly [D, W],
  spec: Spec,
): void {
  const given = deciderSpec(decider);
  const declared = { type: types[0], data: spec };
  const withdrawn = { type: types[1], data: {} };
  const labelled = { ...spec, labels: { site: 'north' } };

  describe(noun, () => {
    test('is declared once', () => {
      given().when({ type: 'declare', spec }).thenEvents(declared);
      given(declared)
        .when({ type: 'declare', spec: structuredClone(spec) })
        .thenNothing();
    });
    test('is revised by another spec', () => {
      given(declared).when({ type: 'declare', spec: labelled }).thenEvents({ type: types[0], data: labelled });
    });
    test('keeps its name', () => {
      given(declared)
        .when({ type: 'declare', spec: { ...spec, name: 'other' } })
        .thenRejected('name-fixed');
    });
    test('is withdrawn once, and only when it stands', () => {
      given().when({ type: 'withdraw' }).thenRejected('absent');
      given(declared).when({ type: 'withdraw' }).thenEvents(withdrawn);
      given(declared, withdrawn).when({ type: 'withdraw' }).thenNothing();
    });
    test('stays withdrawn', () => {
      given(declared, withdrawn).when({ type: 'declare', spec }).thenRejected('withdrawn');
    });
    test('takes a withdrawal without a thing for nothing', () => {
      given(withdrawn).when({ type: 'withdraw' }).thenRejected('absent');
    });
    test.each(['', ' blank', 'line\nfeed', 'x'.repeat(129)])('refuses the name %j', (name) => {
      given()
        .when({ type: 'declare', spec: { ...spec, name } })
        .thenRejected('invalid-name');
    });
  });
}

sharesTheLife('group', groupDecider, ['GroupDeclared', 'GroupWithdrawn'], samples.group);
sharesTheLife('role', roleDecider, ['RoleDeclared', 'RoleWithdrawn'], samples.role);
// A provider is tested, and a target scanned: facts that leave their lives as they were.
sharesTheLife(
  'identity provider',
  identityProviderDecider as unknown as ProviderLife,
  ['IdentityProviderDeclared', 'IdentityProviderWithdrawn'],
  samples.identityProvider,
);
sharesTheLife('target', targetDecider as unknown as TargetLife, ['TargetDeclared', 'TargetWithdrawn'], samples.target);
sharesTheLife('account', accountDecider, ['AccountDeclared', 'AccountWithdrawn'], samples.account);
sharesTheLife('credential', credentialDecider, ['CredentialDeclared', 'CredentialWithdrawn'], samples.credential);
sharesTheLife('sshkey', sshKeyDecider, ['SshKeyDeclared', 'SshKeyWithdrawn'], samples.sshKey);
sharesTheLife('condition', conditionDecider, ['ConditionDeclared', 'ConditionWithdrawn'], samples.condition);
sharesTheLife('entitlement', entitlementDecider, ['EntitlementDeclared', 'EntitlementWithdrawn'], samples.entitlement);
sharesTheLife('policy', policyDecider, ['PolicyDeclared', 'PolicyWithdrawn'], samples.policy);
sharesTheLife(
  'factor provider',
  factorProviderDecider,
  ['FactorProviderDeclared', 'FactorProviderWithdrawn'],
  samples.factorProvider,
);
