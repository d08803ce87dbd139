import { isCertificatePem } from '../kernel/certificate-pem.ts';
import { type DeclaredCode, declaredDecider, refuse } from '../kernel/declared.ts';
import { accept, type Decider, type Rejection, reject } from '../kernel/decider.ts';
import type { IdentityProviderCommand } from './commands.ts';
import {
  type IdentityProviderEvent,
  type IdentityProviderSpec,
  type LdapConnection,
  mostServers,
  type OidcConnection,
  type ProviderConnection,
  type SamlConnection,
  signingAlgorithms,
} from './events.ts';
import type { IdentityProviderState } from './state.ts';

export type IdentityProviderCode =
  | 'invalid-name'
  | 'type-fixed'
  | 'issuer-fixed'
  | 'invalid-ca'
  | 'invalid-issuer'
  | 'invalid-algorithm'
  | 'invalid-metadata'
  | 'misplaced-secret'
  | 'invalid-url'
  | 'invalid-bind-name'
  | 'no-secret';

type No = Rejection<IdentityProviderCode> | null;

/** It stands in addresses such as `/auth/callback/NAME`, which a provider compares letter for letter. */
const name = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9])?$/;
/** Without a query, which would be lost; the issuer of tokens has none (OpenID Connect Discovery 1.0 section 3). */
const issuer = /^https:\/\/[^\s/?#@]+(?:\/[^\s?#]*)?$/;
const httpsAddress = /^https:\/\/[^\s/?#@]+(?:\/[^\s#]*)?$/;
const ldapAddress = /^ldaps?:\/\/(?:\[[0-9A-Fa-f:.]+\]|[^\s/?#@:[\]]+)(?::\d{1,5})?\/?$/;

function check(spec: IdentityProviderSpec, previous: IdentityProviderSpec | null): No {
  const { connection } = spec;
  if (!name.test(spec.name)) {
    return refuse(
      'invalid-name',
      'the name of an identity provider stands in addresses: 1 to 64 letters, digits and . _ - between them',
    );
  }
  if (spec.name.toLowerCase() === 'local')
    return refuse('invalid-name', `"${spec.name}" means the users of this installation; take another name`);
  if (previous !== null && previous.connection.type !== connection.type) {
    return refuse(
      'type-fixed',
      `identity provider "${spec.name}" is of type ${previous.connection.type}, which can't be altered; make a new one`,
    );
  }
  if (previous !== null && issuerOf(previous.connection) !== issuerOf(connection)) {
    return refuse(
      'issuer-fixed',
      `identity provider "${spec.name}" knows people by what ${String(issuerOf(previous.connection))} calls them; make a new one for another issuer`,
    );
  }
  if (spec.ca !== null && !isCertificatePem(spec.ca))
    return refuse('invalid-ca', `identity provider "${spec.name}": tls.ca takes certificates as PEM and nothing else`);
  switch (connection.type) {
    case 'oidc':
      return checkOidc(spec.name, connection);
    case 'saml':
      return checkSaml(spec, connection);
    case 'ldap':
      return checkLdap(spec, connection);
  }
}

/** Its subjects are its own (security rule A6): another one may call somebody else the same. */
function issuerOf(connection: ProviderConnection): string | null {
  return connection.type === 'oidc' ? connection.issuer : null;
}

function checkOidc(who: string, connection: OidcConnection): No {
  if (!issuer.test(connection.issuer)) {
    return refuse('invalid-issuer', `identity provider "${who}": the issuer is an https address without query`);
  }
  if (connection.algorithm !== null && !signingAlgorithms.includes(connection.algorithm)) {
    return refuse(
      'invalid-algorithm',
      `identity provider "${who}": the algorithm is one of ${signingAlgorithms.join(', ')}`,
    );
  }
  return null;
}

function checkSaml(spec: IdentityProviderSpec, { metadata }: SamlConnection): No {
  if (spec.secretId !== null)
    return refuse('misplaced-secret', `identity provider "${spec.name}": one of type saml has no secret`);
  if (!httpsAddress.test(metadata) && !metadata.startsWith('<')) {
    return refuse(
      'invalid-metadata',
      `identity provider "${spec.name}": metadata is the XML itself or the https address to fetch it from`,
    );
  }
  return null;
}

/** Without name or password a bind would be anonymous, which servers call a success (RFC 4513 section 5.1, rule A1). */
function checkLdap(spec: IdentityProviderSpec, { urls, bindDn }: LdapConnection): No {
  if (urls.length === 0 || !urls.every((url) => ldapAddress.test(url))) {
    return refuse(
      'invalid-url',
      `identity provider "${spec.name}": urls name at least one server as ldaps://host:port or ldap://host:port (StartTLS)`,
    );
  }
  if (urls.length > mostServers) {
    return refuse(
      'invalid-url',
      `identity provider "${spec.name}": urls name ${String(urls.length)} servers, and ${String(mostServers)} are the most; keep the nearest ones`,
    );
  }
  if (bindDn.trim() === '')
    return refuse('invalid-bind-name', `identity provider "${spec.name}": bindDn names the account that searches`);
  if (spec.secretId === null)
    return refuse('no-secret', `identity provider "${spec.name}": seal the password of bindDn first`);
  return null;
}

const declared = declaredDecider<
  IdentityProviderSpec,
  'IdentityProviderDeclared',
  'IdentityProviderWithdrawn',
  IdentityProviderCode
>({
  noun: 'identity provider',
  declared: 'IdentityProviderDeclared',
  withdrawn: 'IdentityProviderWithdrawn',
  check,
});

/** Where people come from who are not users of our own alone. What it reports decides nothing. */
export const identityProviderDecider: Decider<
  IdentityProviderState,
  IdentityProviderCommand,
  IdentityProviderEvent,
  DeclaredCode | IdentityProviderCode
> = {
  initial: declared.initial,
  decide: (command, state) => {
    if (command.type !== 'note-test') return declared.decide(command, state);
    if (state.status === 'withdrawn') return reject('withdrawn', 'the provider was deleted meanwhile; test it again');
    const { name, kind, addresses, secret } = command;
    return accept({ type: 'IdentityProviderTested', data: { name, kind, addresses, secret } });
  },
  evolve: (state, event) => (event.type === 'IdentityProviderTested' ? state : declared.evolve(state, event)),
};
