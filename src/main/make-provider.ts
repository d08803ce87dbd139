import { makeLdapDirectory } from '../adapters/ldap/ldap-directory.ts';
import type { LdapSettings } from '../adapters/ldap/settings.ts';
import { oidcProvider } from '../adapters/oidc/redirect-provider.ts';
import type { OidcSettings } from '../adapters/oidc/settings.ts';
import { FetchedMetadata } from '../adapters/saml/fetched-metadata.ts';
import { fetchedSamlProvider } from '../adapters/saml/fetched-provider.ts';
import { serviceMetadata } from '../adapters/saml/node-saml.ts';
import { samlProvider, type SamlSettings } from '../adapters/saml/saml-provider.ts';
import type { DirectoryProvider, RedirectProvider } from '../application/ports/identity-providers.ts';
import type { ProcessLog, ResolveTarget } from '../application/ports/system.ts';
import type { Vault } from '../application/ports/vault.ts';
import type { ClaimNames, IdentityProviderSpec } from '../domain/provider/events.ts';
import { keptMetadata } from './kept-metadata.ts';

export interface ProviderParts {
  readonly vault: Vault;
  readonly resolve: ResolveTarget;
  /** `https://host[:port]` of the web as browsers know it; null: it is off, and nobody comes back to it. */
  readonly publicUrl: string | null;
  readonly processLog: ProcessLog;
}

/** One of the two, by the type of the resource. */
export interface MadeProvider {
  readonly directory: DirectoryProvider | null;
  readonly redirect: RedirectProvider | null;
  /** XML; of SAML alone. */
  readonly serviceMetadata: string | null;
}

/** A provider as its resource says. Errors: those of the vault; `invalid` for settings that cannot work. */
export async function makeProvider(
  parts: ProviderParts,
  id: string,
  spec: IdentityProviderSpec,
): Promise<MadeProvider> {
  const { connection } = spec;
  const nothing: MadeProvider = { directory: null, redirect: null, serviceMetadata: null };
  if (connection.type === 'ldap') {
    return {
      ...nothing,
      directory: makeLdapDirectory(ldapSettings(await secretOf(parts.vault, spec), spec, connection), parts.resolve),
    };
  }
  if (parts.publicUrl === null) return nothing;
  if (connection.type === 'oidc') {
    const settings = oidcSettings(parts.publicUrl, await secretOf(parts.vault, spec), spec, connection);
    return { ...nothing, redirect: oidcProvider(settings, parts.resolve) };
  }
  const settings = samlSettings(parts.publicUrl, spec, connection);
  return {
    ...nothing,
    redirect: settings.metadata.startsWith('https://')
      ? fetchedSamlProvider(settings, fetchedMetadata(parts, id, spec, settings.metadata), Date.now)
      : samlProvider(settings, Date.now),
    serviceMetadata: serviceMetadata(settings),
  };
}

type ConnectionOf<T extends string> = Extract<IdentityProviderSpec['connection'], { readonly type: T }>;

/** What has to be registered at a provider letter for letter. */
function redirectAddress(publicUrl: string, name: string): string {
  return `${publicUrl}/auth/callback/${name}`;
}

export function ldapSettings(
  secret: string | null,
  spec: IdentityProviderSpec,
  connection: ConnectionOf<'ldap'>,
): LdapSettings {
  const { userFilter, groupBase, groupFilter } = connection;
  return {
    name: spec.name,
    urls: connection.urls,
    ca: spec.ca,
    bindDn: connection.bindDn,
    bindPassword: secret ?? '',
    userBase: connection.userBase,
    userFilter: userFilter ?? undefined,
    groupBase: groupBase ?? undefined,
    groupFilter: groupFilter ?? undefined,
    claims: given(spec.claims),
  };
}

export function oidcSettings(
  publicUrl: string,
  secret: string | null,
  spec: IdentityProviderSpec,
  { issuer, clientId, scopes, algorithm }: ConnectionOf<'oidc'>,
): OidcSettings {
  return {
    name: spec.name,
    issuer,
    clientId,
    clientSecret: secret,
    scopes,
    ...(algorithm === null ? {} : { algorithm }),
    claims: given(spec.claims),
    ca: spec.ca,
    redirectUri: redirectAddress(publicUrl, spec.name),
    postLogoutRedirectUri: `${publicUrl}/auth/login`,
  };
}

export function samlSettings(
  publicUrl: string,
  { name, claims }: IdentityProviderSpec,
  { metadata, entityId }: ConnectionOf<'saml'>,
): SamlSettings {
  return {
    name,
    metadata,
    entityId: entityId ?? `${publicUrl}/auth/saml/${name}/metadata`,
    callbackUrl: redirectAddress(publicUrl, name),
    claims,
  };
}

function fetchedMetadata(
  { vault, resolve, processLog }: ProviderParts,
  id: string,
  { name, ca }: IdentityProviderSpec,
  url: string,
): FetchedMetadata {
  return new FetchedMetadata({ url, ca, resolve }, keptMetadata(vault, id, url), (error) =>
    processLog.warn('the metadata of a SAML provider cannot be fetched; the last good copy counts', {
      provider: name,
      error: String(error),
    }),
  );
}

/** What is in custody for it; null: it has none. Errors: those of the vault. */
export async function secretOf(vault: Vault, { secretId }: IdentityProviderSpec): Promise<string | null> {
  return secretId === null ? null : Buffer.from(await vault.open(secretId)).toString('utf8');
}

function given({ username, email, groups, attributes }: ClaimNames): Pick<ClaimNames, 'attributes'> & {
  username?: string;
  email?: string;
  groups?: string;
} {
  return {
    ...(username === null ? {} : { username }),
    ...(email === null ? {} : { email }),
    ...(groups === null ? {} : { groups }),
    attributes,
  };
}
