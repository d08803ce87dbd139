import { describe, test } from 'vitest';
import { identityProviderDecider } from '../../../src/domain/provider/decider.ts';
import type {
  IdentityProviderSpec,
  LdapConnection,
  OidcConnection,
  SamlConnection,
} from '../../../src/domain/provider/events.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { identityProvider } from '../kit/samples.ts';

const given = deciderSpec(identityProviderDecider);
const declare = (change: Partial<IdentityProviderSpec>) =>
  ({ type: 'declare', spec: { ...identityProvider, ...change } }) as const;
const declared = (data: IdentityProviderSpec) => ({ type: 'IdentityProviderDeclared', data }) as const;

const oidc: OidcConnection = {
  type: 'oidc',
  issuer: 'https://login.example/realms/staff',
  clientId: 'sallyport',
  scopes: ['profile'],
  algorithm: null,
};
const saml: SamlConnection = { type: 'saml', metadata: 'https://idp.example/metadata?app=1', entityId: null };
const ldap: LdapConnection = {
  type: 'ldap',
  urls: ['ldaps://dc1.example'],
  bindDn: 'cn=svc,dc=example',
  userBase: 'dc=example',
  userFilter: null,
  groupBase: null,
  groupFilter: null,
};

describe('every type', () => {
  test.each(['a b', 'a/b', '.a', 'a.', 'ä', 'a'.repeat(65), 'local', 'Local'])('has no name such as %j', (name) => {
    given().when(declare({ name })).thenRejected('invalid-name');
  });
  test('keeps its type', () => {
    given(declared({ ...identityProvider, connection: ldap, secretId: 's' }))
      .when(declare({ connection: oidc, secretId: 's' }))
      .thenRejected('type-fixed');
  });
  test('of OpenID Connect keeps its issuer, which says whose names for people these are', () => {
    const before = { ...identityProvider, connection: oidc };
    given(declared(before))
      .when(declare({ connection: { ...oidc, issuer: 'https://other.example' } }))
      .thenRejected('issuer-fixed');
    const revised = { ...before, connection: { ...oidc, clientId: 'other' } };
    given(declared(before)).when({ type: 'declare', spec: revised }).thenEvents(declared(revised));
  });
  test('keeps nothing beside certificates in ca', () => {
    given()
      .when(declare({ ca: 'text' }))
      .thenRejected('invalid-ca');
  });
});

describe('oidc', () => {
  test.each([
    'http://login.example',
    'https://',
    'login.example',
    'https://login.example/?realm=a',
    'https://u@login.example',
  ])('has no issuer %j', (issuer) => {
    given()
      .when(declare({ connection: { ...oidc, issuer } }))
      .thenRejected('invalid-issuer');
  });
  test.each(['none', 'HS256'])('takes no signature %s, which whoever checks it could make', (algorithm) => {
    given()
      .when(declare({ connection: { ...oidc, algorithm } as unknown as OidcConnection }))
      .thenRejected('invalid-algorithm');
  });
  test.each([null, 'secret-1'])('is taken with the secret %j', (secretId) => {
    const spec = { ...identityProvider, connection: { ...oidc, algorithm: 'ES256' as const }, secretId };
    given().when({ type: 'declare', spec }).thenEvents(declared(spec));
  });
});

describe('saml', () => {
  test.each(['http://idp.example/metadata', 'metadata.xml', ''])('has no metadata %j', (metadata) => {
    given()
      .when(declare({ connection: { ...saml, metadata }, secretId: null }))
      .thenRejected('invalid-metadata');
  });
  test('has no secret', () => {
    given()
      .when(declare({ connection: saml, secretId: 'secret-1' }))
      .thenRejected('misplaced-secret');
  });
  test.each(['https://idp.example/metadata?app=1', '<EntityDescriptor/>'])('is taken with %j', (metadata) => {
    const spec = { ...identityProvider, connection: { ...saml, metadata }, secretId: null };
    given().when({ type: 'declare', spec }).thenEvents(declared(spec));
  });
});

describe('ldap', () => {
  test.each([[[]], [['ldaps://a', 'http://b']], [['ldaps://a/dc=x']], [['ldaps://a:x']]])('has no urls %j', (urls) => {
    given()
      .when(declare({ connection: { ...ldap, urls }, secretId: 'secret-1' }))
      .thenRejected('invalid-url');
  });
  test('never binds without a name, nor without a password', () => {
    given()
      .when(declare({ connection: { ...ldap, bindDn: ' ' }, secretId: 'secret-1' }))
      .thenRejected('invalid-bind-name');
    given()
      .when(declare({ connection: ldap, secretId: null }))
      .thenRejected('no-secret');
  });
  test('has 8 servers at the most; one that was declared with more stands, and is withdrawn as any other', () => {
    const urls = Array.from({ length: 9 }, (_, each) => `ldaps://dc${each}.example`);
    const spec = { ...identityProvider, connection: { ...ldap, urls }, secretId: 'secret-1' };
    given().when({ type: 'declare', spec }).thenRejected('invalid-url');
    const eight = { ...spec, connection: { ...ldap, urls: urls.slice(1) } };
    given().when({ type: 'declare', spec: eight }).thenEvents(declared(eight));
    given(declared(spec)).when({ type: 'declare', spec: eight }).thenEvents(declared(eight));
    given(declared(spec)).when({ type: 'withdraw' }).thenEvents({ type: 'IdentityProviderWithdrawn', data: {} });
  });
  test('is taken with several servers', () => {
    const urls = ['ldaps://dc1.example', 'ldap://[2001:db8::1]:3389/'];
    const spec = { ...identityProvider, connection: { ...ldap, urls }, secretId: 'secret-1' };
    given().when({ type: 'declare', spec }).thenEvents(declared(spec));
  });
});
