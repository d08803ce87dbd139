import type { OidcProviderServer } from './oidc-provider.ts';
import type { OpenLdap } from './openldap.ts';
import type { SambaAd } from './samba-ad.ts';

/** One IdentityProvider document; it is JSON, which is YAML too. */
export function providerDocument(name: string, spec: object): string {
  const document = { apiVersion: 'sallyport/v1', kind: 'IdentityProvider', metadata: { name }, spec };
  return `${JSON.stringify(document)}\n`;
}

/** Where `launchOpenLdap` keeps people and groups, and who may search there. */
export const openLdapBases = {
  bindDn: 'cn=svc,dc=peer,dc=test',
  bindPassword: 'svc-pw',
  userBase: 'ou=people,dc=peer,dc=test',
  groupBase: 'ou=groups,dc=peer,dc=test',
} as const;

/** The spec of an IdentityProvider for a slapd of the kit. */
export function openLdapSpec({ url, ca }: OpenLdap, changes: object = {}): object {
  return { type: 'ldap', urls: [url], ...openLdapBases, tls: { ca: ca.pem }, ...changes };
}

/** The same for an oidc-provider of the kit. */
export function oidcSpec({ issuer, clientId, clientSecret, ca }: OidcProviderServer, changes: object = {}): object {
  return { type: 'oidc', issuer, clientId, clientSecret, tls: { ca }, ...changes };
}

/** The same for a domain controller of the kit. */
export function activeDirectorySpec({ url, ca, base, adminUpn, adminPassword }: SambaAd): object {
  const bind = { bindDn: adminUpn, bindPassword: adminPassword };
  return { type: 'ldap', urls: [url], ...bind, userBase: base, groupBase: base, tls: { ca: ca.pem } };
}
