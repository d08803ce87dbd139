/** The kinds this version has, in the order in which they are applied: what others refer to comes first. */
export const kinds = [
  'Role',
  'User',
  'Group',
  'IdentityProvider',
  'Target',
  'Credential',
  'SshKey',
  'Account',
  'Condition',
  'Entitlement',
  'Policy',
  'FactorProvider',
] as const;
export type Kind = (typeof kinds)[number];

/** Kinds of the contract that later versions bring. */
export const laterKinds: readonly string[] = ['Site', 'Gateway'];

export const categoryOfKind = {
  Role: 'role',
  User: 'user',
  Group: 'group',
  IdentityProvider: 'provider',
  Target: 'target',
  Credential: 'credential',
  SshKey: 'sshkey',
  Account: 'account',
  Condition: 'condition',
  Entitlement: 'entitlement',
  Policy: 'policy',
  FactorProvider: 'factorprovider',
} as const satisfies Readonly<Record<Kind, string>>;

export const apiVersion = 'sallyport/v1';

/** A kind as people type it: any case, one or many (`target`, `Targets`, `policies`, `ssh-keys`). */
export function kindNamed(text: string): Kind | undefined {
  const plain = text.toLowerCase().replaceAll(/[-_]/g, '');
  return kinds.find((kind) => {
    const name = kind.toLowerCase();
    return plain === name || plain === `${name}s` || plain === `${name.slice(0, -1)}ies`;
  });
}
