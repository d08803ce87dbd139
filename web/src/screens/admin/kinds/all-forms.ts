import { accountForm } from './account.ts';
import { conditionForm } from './condition.ts';
import { credentialForm } from './credential.ts';
import { entitlementForm } from './entitlement.ts';
import { factorProviderForm } from './factor-provider.ts';
import type { KindForm } from './fields.ts';
import { groupForm } from './group.ts';
import { identityProviderForm } from './identity-provider.ts';
import type { ResourceKind } from './kind-names.ts';
import { policyForm } from './policy.ts';
import { roleForm } from './role.ts';
import { sshKeyForm } from './ssh-key.ts';
import { targetForm } from './target.ts';
import { userForm } from './user.ts';

export const kindForms: Readonly<Record<ResourceKind, KindForm>> = {
  User: userForm,
  Group: groupForm,
  Role: roleForm,
  IdentityProvider: identityProviderForm,
  FactorProvider: factorProviderForm,
  Target: targetForm,
  Account: accountForm,
  Credential: credentialForm,
  SshKey: sshKeyForm,
  Condition: conditionForm,
  Entitlement: entitlementForm,
  Policy: policyForm,
};
