import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { type Context, Provider } from 'oidc-provider';
import { makeTestCa } from './certificates.ts';
import { scriptedBrowser, type ScriptedBrowser } from './scripted-browser.ts';
import { formOf, startSecureServer } from './secure-server.ts';

export interface OidcAccount {
  readonly password: string;
  /** preferred_username, email, email_verified, groups. */
  readonly claims: Readonly<Record<string, unknown>>;
}

export interface OidcProviderOptions {
  /** By subject. A test may change it while the provider runs. */
  readonly accounts: Record<string, OidcAccount>;
  readonly redirectUri: string;
  readonly postLogoutRedirectUri: string;
  /** Claims stand in the id token; without it in userinfo alone, as the standard has it. */
  readonly claimsInIdToken?: boolean;
  /** Where it tells of logouts, and who vouches for that place. */
  readonly backchannel?: { readonly uri: string; readonly ca: string };
  readonly clientAuth?: 'client_secret_basic' | 'client_secret_post' | 'none';
  /** Gives refresh tokens: the same one each time, or a new one for each that is used. */
  readonly refresh?: 'same' | 'rotated';
}

export interface OidcProviderServer {
  readonly issuer: string;
  /** PEM of the authority that signed its certificate. */
  readonly ca: string;
  readonly clientId: 'sallyport';
  readonly clientSecret: string;
  /** A fresh browser at the provider logs in; gives where it was sent with the answer. */
  login(url: string, subject: string, password: string, browser?: ScriptedBrowser): Promise<string>;
  browser(): ScriptedBrowser;
  /** Tells the client that somebody was logged out; rejects unless that was taken. */
  tellLogout(subject: string): Promise<void>;
  stop(): Promise<void>;
}

/** A real oidc-provider over TLS. Its pages ask for subject and password; consent is taken as given. */
export async function startOidcProvider(options: OidcProviderOptions): Promise<OidcProviderServer> {
  const ca = await makeTestCa('OIDC CA');
  const clientSecret = 'the secret: of + the client, & 100 %';
  let handle: ReturnType<Provider['callback']> = (_request, response) => response.end();
  const server = await startSecureServer(await ca.certify(), (request, response) => handle(request, response));
  const issuer = `https://localhost:${server.port}`;
  const provider = new Provider(issuer, await configuration(options, clientSecret));
  const answer = provider.callback();
  handle = (request, response) => {
    if (request.url?.startsWith('/interaction/') !== true) {
      answer(request, response);
      return;
    }
    if (request.method !== 'POST') return void response.end(loginPage);
    void formOf(request).then(async (form) => {
      const accountId = form.get('subject') ?? '';
      const right = options.accounts[accountId]?.password === form.get('password');
      const result = right ? { login: { accountId } } : { error: 'access_denied' };
      await provider.interactionFinished(request, response, result);
    });
  };
  return {
    issuer,
    ca: ca.pem,
    clientId: 'sallyport',
    clientSecret,
    browser: () => scriptedBrowser(ca.pem),
    tellLogout: async (subject) => {
      await (await provider.Client.find('sallyport')).backchannelLogout(subject, 'a session there');
    },
    login: async (url, subject, password, browser = scriptedBrowser(ca.pem)) => {
      const page = await browser.open(url);
      // A browser that is logged in there comes straight back.
      if (page.status === 0) return page.url;
      if (!page.url.includes('/interaction/')) throw new Error(`the provider says ${page.status}: ${page.body}`);
      return (await browser.open(page.url, { subject, password })).url;
    },
    stop: async () => await server.stop(),
  };
}

/** Good for a scripted browser and for a real one. */
const loginPage = `<!doctype html><form method="post"><label>subject <input name="subject"></label>
<label>password <input name="password" type="password"></label><button>Log in</button></form>`;

async function configuration(options: OidcProviderOptions, clientSecret: string) {
  const method = options.clientAuth ?? 'client_secret_basic';
  return {
    clients: [
      {
        client_id: 'sallyport',
        ...(method === 'none' ? {} : { client_secret: clientSecret }),
        token_endpoint_auth_method: method,
        ...(options.refresh === undefined ? {} : { grant_types: ['authorization_code', 'refresh_token'] }),
        redirect_uris: [options.redirectUri],
        post_logout_redirect_uris: [options.postLogoutRedirectUri],
        ...(options.backchannel === undefined ? {} : { backchannel_logout_uri: options.backchannel.uri }),
      },
    ],
    clientAuthMethods: [method],
    jwks: { keys: [await signingKey()] },
    cookies: { keys: ['a key for cookies of a test'] },
    scopes: ['openid', 'profile', 'email', 'groups', ...(options.refresh === undefined ? [] : ['offline_access'])],
    // As the great providers do: without asking the person each time.
    issueRefreshToken: () => options.refresh !== undefined,
    expiresWithSession: () => false,
    rotateRefreshToken: options.refresh === 'rotated',
    claims: {
      profile: ['preferred_username', 'department', 'level', 'lead', 'address'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    conformIdTokenClaims: options.claimsInIdToken !== true,
    pkce: { required: () => true },
    ttl: { Interaction: 600, Grant: 600, Session: 600, AccessToken: 600, IdToken: 600, RefreshToken: 600 },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: true },
      backchannelLogout: { enabled: options.backchannel !== undefined },
    },
    fetch: (
      url: string,
      init: { readonly method: string; readonly headers: Record<string, string>; readonly body: URLSearchParams },
    ) => post(new URL(url), init, options.backchannel?.ca ?? ''),
    interactions: { url: (_: Context, { uid }: { uid: string }) => `/interaction/${uid}` },
    // Somebody who was taken away is not known any more, as an account that was disabled.
    findAccount: (_: Context, accountId: string) => {
      const account = options.accounts[accountId];
      return account && { accountId, claims: () => ({ sub: accountId, ...account.claims }) };
    },
    loadExistingGrant: async ({ oidc }: Context) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope(oidc.params.scope);
      await grant.save();
      return grant;
    },
  };
}

/** The provider's own request, by a client that trusts the test's authority. */
async function post(
  url: URL,
  {
    method,
    headers,
    body,
  }: { readonly method: string; readonly headers: Record<string, string>; readonly body: URLSearchParams },
  ca: string,
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked = request(
    url,
    {
      method,
      headers: { ...Object.fromEntries(new Headers(headers)), 'content-length': String(body.toString().length) },
      ca,
      agent: false,
    },
    resolve,
  );
  asked.on('error', reject);
  asked.end(body.toString());
  const answer = await promise;
  answer.resume();
  return new Response(null, { status: answer.statusCode ?? 500 });
}

async function signingKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: 'first' };
}
