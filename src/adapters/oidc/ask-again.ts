import {
  type Configuration,
  customFetch,
  refreshTokenGrant,
  ResponseBodyError,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client';
import type { AskedAgain, IdentityFact, RedirectProvider } from '../../application/ports/identity-providers.ts';
import { grantOf, tokenIn } from './grant.ts';
import { problemFrom } from './refusal.ts';
import type { OidcSettings } from './settings.ts';

export type Tokens = TokenEndpointResponse & TokenEndpointResponseHelpers;
type IdentityBy = (config: Configuration, tokens: Tokens, subject: string) => Promise<IdentityFact>;

/** Whether logins are to leave something to ask by: the administrator says so by the scope (OpenID Connect Core 1.0 section 11). */
export function asksAgain({ scopes }: Pick<OidcSettings, 'scopes'>): boolean {
  return scopes.includes('offline_access');
}

/**
 * How the provider sees somebody now, by a refresh token (OpenID Connect Core 1.0 section 12). The answer is measured as at
 * a login, so that it needs an id token, and has to be about the same subject.
 */
export function askAgain(
  settings: OidcSettings,
  configure: () => Promise<Configuration>,
  identityBy: IdentityBy,
): NonNullable<RedirectProvider['ask']> {
  return async (grant, subject): Promise<AskedAgain> => {
    const given: { token: unknown } = { token: null };
    try {
      const config = await configure();
      noteRefreshToken(config, given);
      const tokens = await refreshTokenGrant(config, tokenIn(grant, settings)).catch(goneIfRefused);
      if (tokens === 'gone') {
        return { ok: false, reason: 'gone', detail: 'the provider takes the refresh token no more', grant: null };
      }
      const identity = await identityBy(config, tokens, subject);
      return { ok: true, identity, grant: grantOf(settings, given.token) ?? grant };
    } catch (error) {
      const { reason, message } = problemFrom(error);
      return { ok: false, reason, detail: message, grant: grantOf(settings, given.token) };
    }
  };
}

/** `invalid_grant` alone says so (RFC 6749 section 5.2); any other error is about us or about the moment. */
function goneIfRefused(error: unknown): 'gone' {
  if (error instanceof ResponseBodyError && error.error === 'invalid_grant') return 'gone';
  throw error;
}

/** A new refresh token may be the only one left, also when the rest of its answer proves nothing. */
function noteRefreshToken(config: Configuration, given: { token: unknown }): void {
  const ask = config[customFetch];
  const { token_endpoint: tokens } = config.serverMetadata();
  if (ask === undefined || tokens === undefined) return;
  config[customFetch] = async (address, options) => {
    const answer = await ask(address, options);
    if (address !== new URL(tokens).href || !answer.ok) return answer;
    const said: unknown = await answer
      .clone()
      .json()
      .catch(() => null);
    if (typeof said === 'object' && said !== null && 'refresh_token' in said) given.token = said.refresh_token;
    return answer;
  };
}
