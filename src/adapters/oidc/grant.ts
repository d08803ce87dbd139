import type { Grant } from '../../application/ports/identity-providers.ts';
import { ProviderProblem } from './problem.ts';
import type { OidcSettings } from './settings.ts';

const keys = ['issuer', 'clientId', 'token'] as const;
/** Larger ones are not kept; those of the great providers take 2,000. */
const mostCharacters = 16_384;

type Client = Pick<OidcSettings, 'issuer' | 'clientId'>;

/** A refresh token, and who gave it to whom. Null: there is none, or none that can be kept. */
export function grantOf({ issuer, clientId }: Client, token: unknown): Grant | null {
  if (typeof token !== 'string' || token === '' || token.length > mostCharacters) return null;
  return JSON.stringify({ issuer, clientId, token });
}

/** The refresh token. It is shown to nobody but who gave it. Errors: ProviderProblem for another issuer or client. */
export function tokenIn(grant: Grant, { issuer, clientId }: Client): string {
  const given = parse(grant);
  if (given?.issuer === issuer && given.clientId === clientId) return given.token;
  throw new ProviderProblem('untrusted', 'the refresh token is of another issuer or client than spec says now');
}

function parse(grant: Grant): Readonly<Record<(typeof keys)[number], string>> | null {
  try {
    const value = JSON.parse(grant) as Readonly<Record<string, unknown>>;
    return keys.every((key) => typeof value[key] === 'string')
      ? (value as Readonly<Record<(typeof keys)[number], string>>)
      : null;
  } catch {
    return null;
  }
}
