import { oidcProvider } from '../../../src/adapters/oidc/redirect-provider.ts';
import type { OidcSettings } from '../../../src/adapters/oidc/settings.ts';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import type { ProviderAnswer, RedirectProvider } from '../../../src/application/ports/identity-providers.ts';

export const redirectUri = 'https://sallyport.test/auth/oidc/company';
export const postLogoutRedirectUri = 'https://sallyport.test/';

/** What the provider, real or hostile, says of itself. */
export interface Peer {
  readonly issuer: string;
  readonly ca: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export function provider(
  peer: Peer,
  settings: Partial<OidcSettings> = {},
  ownPorts: readonly number[] = [],
  resolve = targetResolver(ownPorts),
): RedirectProvider {
  const { issuer, ca, clientId, clientSecret } = peer;
  return oidcProvider(
    {
      name: 'company',
      issuer,
      clientId,
      clientSecret,
      scopes: ['profile', 'email', 'groups'],
      claims: {},
      ca,
      redirectUri,
      postLogoutRedirectUri,
      ...settings,
    },
    resolve,
  );
}

export function answerAt(url: string) {
  return { url, fields: {} };
}

/** What a refusal is about, for one line of a test. */
export function refusal(answer: ProviderAnswer): string {
  return answer.ok ? 'ok' : `${answer.reason}: ${answer.detail}`;
}
