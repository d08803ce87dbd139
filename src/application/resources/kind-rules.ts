import type { Kind } from './kinds.ts';
import { accountRules } from './kinds/account.ts';
import { conditionRules } from './kinds/condition.ts';
import { credentialRules } from './kinds/credential.ts';
import { entitlementRules } from './kinds/entitlement.ts';
import { factorProviderRules } from './kinds/factor-provider.ts';
import { groupRules } from './kinds/group.ts';
import { identityProviderRules } from './kinds/identity-provider.ts';
import { policyRules } from './kinds/policy.ts';
import { roleRules } from './kinds/role.ts';
import { sshKeyRules } from './kinds/ssh-key.ts';
import { targetRules } from './kinds/target.ts';
import { userRules } from './kinds/user.ts';
import type { KindRules } from './rules.ts';

export const kindRules: Readonly<Record<Kind, KindRules>> = {
  Role: roleRules,
  User: userRules,
  Group: groupRules,
  IdentityProvider: identityProviderRules,
  Target: targetRules,
  Credential: credentialRules,
  SshKey: sshKeyRules,
  Account: accountRules,
  Condition: conditionRules,
  Entitlement: entitlementRules,
  Policy: policyRules,
  FactorProvider: factorProviderRules,
};
