import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import type { CustomFetch, ServerMetadata } from 'openid-client';
import { clockToleranceSeconds } from './id-token.ts';
import { Answered } from './pending.ts';
import { ProviderProblem } from './problem.ts';
import type { OidcSettings } from './settings.ts';

const event = 'http://schemas.openid.net/event/backchannel-logout';
/** Longer than any provider needs to deliver it; a notice that was held back any longer says nothing of now. */
const oldestSeconds = 300;
const longestToken = 8_192;
/** Keys are asked for this often at the most, so that forged notices can't make us flood the provider with questions. */
const keptMilliseconds = 30_000;
const againMilliseconds = 3_000;

/** How the provider is asked in one step: where its keys are, and by what. */
export interface Step {
  readonly metadata: ServerMetadata;
  readonly ask: CustomFetch;
}

/** Logout tokens of OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6. */
export class LogoutNotices {
  readonly #settings: OidcSettings;
  readonly #step: () => Promise<Step>;
  readonly #used = new Answered('this logout token was taken before');
  #keys: { readonly set: JSONWebKeySet; readonly at: number } | null = null;
  #asking: Promise<JSONWebKeySet> | null = null;

  constructor(settings: OidcSettings, step: () => Promise<Step>) {
    this.#settings = settings;
    this.#step = step;
  }

  /** Whom the provider logged out. Errors: ProviderProblem. */
  async subjectOf(token: string): Promise<string> {
    if (token.length > longestToken) throw new ProviderProblem('untrusted', 'the logout token is longer than 8 KB');
    const claims = await this.#verified(token);
    checkClaims(claims);
    if (claims.sub === undefined) {
      throw new ProviderProblem(
        'missing-claim',
        'the logout token names a session alone: have the provider send the subject (sub) too',
      );
    }
    this.#used.use(claims.jti ?? '');
    return claims.sub;
  }

  async #verified(token: string): Promise<JWTPayload> {
    try {
      return await this.#verify(token, await this.#keySet(keptMilliseconds));
    } catch (error) {
      // The provider may have a new key since.
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw untrusted(error);
    }
    return await this.#verify(token, await this.#keySet(againMilliseconds)).catch((error: unknown) => {
      throw untrusted(error);
    });
  }

  async #verify(token: string, keys: JSONWebKeySet): Promise<JWTPayload> {
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys), {
      issuer: this.#settings.issuer,
      audience: this.#settings.clientId,
      algorithms: [this.#settings.algorithm ?? 'RS256'],
      clockTolerance: clockToleranceSeconds,
      maxTokenAge: oldestSeconds,
      requiredClaims: ['iat', 'jti', 'events'],
    });
    const type = protectedHeader.typ?.toLowerCase();
    if (type !== undefined && type !== 'logout+jwt' && type !== 'jwt') {
      throw new ProviderProblem('untrusted', 'the token is of another type (typ)');
    }
    return payload;
  }

  async #keySet(youngEnough: number): Promise<JSONWebKeySet> {
    const kept = this.#keys;
    // A clock set back makes them old, not young.
    if (kept !== null && Math.abs(Date.now() - kept.at) < youngEnough) return kept.set;
    this.#asking ??= this.#fetch().finally(() => {
      this.#asking = null;
    });
    return await this.#asking;
  }

  async #fetch(): Promise<JSONWebKeySet> {
    const { metadata, ask } = await this.#step();
    if (metadata.jwks_uri === undefined)
      throw new ProviderProblem('untrusted', 'the provider names no keys (jwks_uri)');
    const headers = { accept: 'application/json, application/jwk-set+json' };
    const answer = await ask(metadata.jwks_uri, { method: 'GET', headers, body: undefined, redirect: 'manual' });
    const set: unknown = answer.status === 200 ? await answer.json().catch(() => null) : null;
    if (!isKeySet(set))
      throw new ProviderProblem('unavailable', `the keys of the provider can't be read (${answer.status})`);
    this.#keys = { set, at: Date.now() };
    return set;
  }
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys);
}

function checkClaims({ events, nonce, jti, sub }: JWTPayload): void {
  const told = typeof events === 'object' && events !== null ? (events as Record<string, unknown>)[event] : undefined;
  if (typeof told !== 'object' || told === null) {
    throw new ProviderProblem('untrusted', 'the token is no logout token (events)');
  }
  // What has a nonce is an id token, or could be taken for one.
  if (nonce !== undefined) throw new ProviderProblem('untrusted', 'a logout token has no nonce');
  if (typeof jti !== 'string' || jti === '' || jti.length > 255) {
    throw new ProviderProblem('untrusted', 'the logout token has no id (jti)');
  }
  if (sub !== undefined && !/^[\x20-\x7e]{1,255}$/.test(sub)) {
    throw new ProviderProblem(
      'untrusted',
      'the subject in the logout token is not one: 1 to 255 ASCII characters (sub)',
    );
  }
}

/** What jose says of a token holds parts of it: only the kind of error goes further. */
function untrusted(error: unknown): unknown {
  if (!(error instanceof errors.JOSEError)) return error;
  return new ProviderProblem('untrusted', `the logout token proves nothing (${error.code})`);
}
