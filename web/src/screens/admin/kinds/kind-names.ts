export type ResourceKind =
  | 'User'
  | 'Group'
  | 'Role'
  | 'IdentityProvider'
  | 'FactorProvider'
  | 'Target'
  | 'Account'
  | 'Credential'
  | 'SshKey'
  | 'Condition'
  | 'Entitlement'
  | 'Policy';

export interface KindName {
  readonly kind: ResourceKind;
  /** In addresses: `/admin/users`. */
  readonly slug: string;
  /** Where they are listed and registered, when that is a screen of its own. */
  readonly list?: string;
  readonly title: string;
  /** One of them in a sentence, with its article: `a user`. */
  readonly one: string;
  readonly words: string;
}

/** The kinds that administrators declare, in the order of the navigation. */
export const kindNames: readonly KindName[] = [
  { kind: 'User', slug: 'users', title: 'Users', one: 'a user', words: 'people persons logins' },
  { kind: 'Group', slug: 'groups', title: 'Groups', one: 'a group', words: 'members teams' },
  { kind: 'Role', slug: 'roles', title: 'Roles', one: 'a role', words: 'permissions rights' },
  {
    kind: 'IdentityProvider',
    slug: 'providers',
    title: 'Identity providers',
    one: 'an identity provider',
    words: 'oidc saml ldap single sign-on sso directory',
  },
  {
    kind: 'FactorProvider',
    slug: 'factor-providers',
    title: 'Second factors',
    one: 'a factor provider',
    words: 'totp webauthn mfa passkey',
  },
  { kind: 'Target', slug: 'targets', title: 'Targets', one: 'a target', words: 'servers databases hosts host keys' },
  { kind: 'Account', slug: 'accounts', title: 'Accounts', one: 'an account', words: 'login on a target' },
  { kind: 'Credential', slug: 'credentials', title: 'Credentials', one: 'a credential', words: 'passwords custody' },
  { kind: 'SshKey', slug: 'ssh-keys', list: '/ssh-keys', title: 'SSH keys', one: 'an SSH key', words: '' },
  { kind: 'Condition', slug: 'conditions', title: 'Conditions', one: 'a condition', words: 'cel expression when' },
  {
    kind: 'Entitlement',
    slug: 'entitlements',
    title: 'Entitlements',
    one: 'an entitlement',
    words: 'access rights channels recording',
  },
  { kind: 'Policy', slug: 'policies', title: 'Policies', one: 'a policy', words: 'assign who gets' },
];

export function kindName(kind: string): KindName | undefined {
  return kindNames.find((each) => each.kind === kind);
}

/** Of the address that is shown: `/admin/users/one` is of users. */
export function kindOfPath(path: string): KindName {
  const found = kindNames.find((kind) => `${path}/`.startsWith(`${listPath(kind)}/`));
  if (found === undefined) throw new Error(`no kind has the address ${path}`);
  return found;
}

export function listPath({ slug, list }: KindName): string {
  return list ?? `/admin/${slug}`;
}

/** A name may hold whatever a path can not. */
export function objectPath(kind: KindName, name: string, tab = ''): string {
  return `${listPath(kind)}/one?${new URLSearchParams({ name, ...(tab === '' ? {} : { tab }) }).toString()}`;
}
