import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  calculatePKCECodeChallenge,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  clockTolerance,
  Configuration,
  customFetch,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type ServerMetadata,
} from 'openid-client';
import type {
  IdentityFact,
  LogoutNotice,
  ProviderAnswer,
  RedirectAnswer,
  RedirectBegun,
  RedirectProvider,
} from '../../application/ports/identity-providers.ts';
import type { ResolveTarget } from '../../application/ports/system.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { asker } from './ask.ts';
import { askAgain, asksAgain, type Tokens } from './ask-again.ts';
import { identityOf, isComplete } from './claims.ts';
import { Discovery } from './discovery.ts';
import { grantOf } from './grant.ts';
import { LogoutNotices, type Step } from './logout-notice.ts';
import { checkIdToken, clockToleranceSeconds } from './id-token.ts';
import { Answered, readPending, type Pending } from './pending.ts';
import { ProviderProblem } from './problem.ts';
import { problemFrom } from './refusal.ts';
import type { OidcSettings } from './settings.ts';

/** The port promises 5 s, and the rest of a login takes its time too. */
const answerMilliseconds = 4500;

/** A provider of OpenID Connect: code flow (OpenID Connect Core 1.0 section 3.1) with PKCE S256 (RFC 7636), rule A5. */
export function oidcProvider(settings: OidcSettings, resolve: ResolveTarget): RedirectProvider {
  const issuer = new URL(settings.issuer);
  const discovery = new Discovery(issuer, settings.clientId);
  const answered = new Answered();

  const step = async (): Promise<Step> => {
    const deadline = AbortSignal.timeout(answerMilliseconds);
    const ask = asker({ issuer, ca: settings.ca, resolve, deadline });
    return { metadata: await discovery.metadata(ask), ask };
  };
  const notices = new LogoutNotices(settings, step);

  /** A new one for each step: the deadline is its own, and so are the keys, so that a key withdrawn there counts no more here. */
  const configure = async (): Promise<Configuration> => {
    const { metadata, ask } = await step();
    const known = {
      id_token_signed_response_alg: settings.algorithm ?? 'RS256',
      [clockTolerance]: clockToleranceSeconds,
    };
    const config = new Configuration(metadata, settings.clientId, known, clientAuth(settings.clientSecret, metadata));
    config[customFetch] = ask;
    // Without it the signature of an id token is not looked at.
    enableNonRepudiationChecks(config);
    return config;
  };

  const begin = async (): Promise<RedirectBegun> => {
    const config = await configure();
    const state = randomState();
    const nonce = randomNonce();
    const verifier = randomPKCECodeVerifier();
    const url = buildAuthorizationUrl(config, {
      redirect_uri: settings.redirectUri,
      scope: [...new Set(['openid', ...settings.scopes])].join(' '),
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const pending: Pending = { provider: settings.name, issuer: settings.issuer, state, nonce, verifier };
    return { url: url.href, pending: JSON.stringify(pending) };
  };

  const identityBy = async (config: Configuration, tokens: Tokens, subject?: string): Promise<IdentityFact> => {
    const claims = tokens.claims();
    if (claims === undefined) throw new ProviderProblem('untrusted', 'the provider sent no id token');
    checkIdToken(claims, settings.clientId);
    if (subject !== undefined && claims.sub !== subject) {
      throw new ProviderProblem('untrusted', 'the provider answered with somebody else (sub)');
    }
    const ask = !isComplete(claims, settings.claims) && config.serverMetadata().userinfo_endpoint !== undefined;
    const userinfo = ask ? await fetchUserInfo(config, tokens.access_token, claims.sub) : {};
    return identityOf(settings.name, claims.sub, claims, userinfo, settings.claims);
  };

  const finish = async (answer: RedirectAnswer, pending: string): Promise<ProviderAnswer> => {
    const { state, nonce, verifier } = readPending(pending, settings.name, settings.issuer);
    answered.use(state);
    const config = await configure();
    // Our own address as it is registered, whatever name the browser came by.
    const here = new URL(settings.redirectUri);
    here.search = new URL(answer.url).search;
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
    const tokens = await authorizationCodeGrant(config, here, checks);
    const identity = await identityBy(config, tokens);
    const grant = asksAgain(settings) ? grantOf(settings, tokens.refresh_token) : null;
    return { ok: true, identity, ...(grant === null ? {} : { grant }) };
  };

  /** OpenID Connect RP-Initiated Logout 1.0 section 2. */
  const logout = async (): Promise<string | null> => {
    const config = await configure();
    if (config.serverMetadata().end_session_endpoint === undefined) return null;
    return buildEndSessionUrl(config, { post_logout_redirect_uri: settings.postLogoutRedirectUri }).href;
  };

  return {
    begin: async () => await begin().catch((error: unknown) => unavailable(settings.name, error)),
    finish: async (answer, pending): Promise<ProviderAnswer> => {
      try {
        return await finish(answer, pending);
      } catch (error) {
        const { reason, message } = problemFrom(error);
        return { ok: false, reason, detail: message };
      }
    },
    logoutNotice: async (token): Promise<LogoutNotice> => {
      try {
        return { ok: true, subject: await notices.subjectOf(token) };
      } catch (error) {
        const { reason, message } = problemFrom(error);
        return { ok: false, reason, detail: message };
      }
    },
    ...(asksAgain(settings) ? { ask: askAgain(settings, configure, identityBy) } : {}),
    logout: async () => await logout().catch((error: unknown) => unavailable(settings.name, error)),
  };
}

/** What the provider takes; client_secret_basic when it does not say (OpenID Connect Discovery 1.0 section 3). */
function clientAuth(secret: string | null, metadata: ServerMetadata): ClientAuth {
  if (secret === null) return None();
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  return methods.includes('client_secret_basic') ? ClientSecretBasic(secret) : ClientSecretPost(secret);
}

function unavailable(name: string, error: unknown): never {
  const problem = problemFrom(error);
  const message = `the identity provider ${name} can't be used now, try again or tell an administrator: ${problem.message}`;
  throw new SallyportError('unavailable', 'identity-provider-unavailable', message, { cause: problem });
}
