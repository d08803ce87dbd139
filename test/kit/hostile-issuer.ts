import { createHash, generateKeyPair, type KeyObject, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { exportJWK, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import { type CertifyOptions, makeTestCa } from './certificates.ts';
import { formOf, startSecureServer } from './secure-server.ts';

type Json = Readonly<Record<string, unknown>>;

/** What the issuer does wrong. Whatever is not set it does right. */
export interface Misdeeds {
  discovery?: (document: Json) => Json;
  /** Claims of the id token, as changed. */
  claims?: (claims: JWTPayload) => JWTPayload;
  /** The id token, as written by somebody else. */
  token?: (claims: JWTPayload) => Promise<string> | string;
  header?: Partial<JWTHeaderParameters>;
  userinfo?: (claims: Json) => unknown;
  /** More in the answer with tokens, or other than there is. */
  tokens?: (answer: Json) => Json;
  /** Answers in place of the issuer, by path; true: it has. */
  answer?: (path: string, response: ServerResponse) => boolean;
}

export interface HostileIssuer {
  readonly issuer: string;
  readonly port: number;
  readonly ca: string;
  readonly clientId: 'sallyport';
  readonly clientSecret: 'hostile-secret';
  /** Read anew for each answer; a test sets and clears it. */
  misdeeds: Misdeeds;
  /** Paths asked for since the start. */
  readonly asked: string[];
  /** How the client proved itself at the token endpoint the last time. */
  proof: 'basic' | 'post' | 'none';
  /** Lets whoever comes with this address in; the address of the answer. */
  authorize(url: string, more?: Readonly<Record<string, string>>): string;
  /** The public key as PEM, and an own hand at signing. */
  publicPem(): string;
  sign(claims: JWTPayload, header?: Partial<JWTHeaderParameters>): Promise<string>;
  /** From now on a new key signs; the old one is withdrawn. */
  rotate(): Promise<void>;
  stop(): Promise<void>;
}

/** An issuer over TLS that does all as it should, until a test has it do otherwise. It takes a code once and checks PKCE. */
export async function startHostileIssuer(certify: CertifyOptions = {}, host = 'localhost'): Promise<HostileIssuer> {
  const ca = await makeTestCa('Hostile CA');
  const codes = new Map<string, URLSearchParams>();
  let key = await newKey();
  const server = await startSecureServer(await ca.certify(certify), (request, response) => {
    void handle(request, response);
  });
  const issuer = `https://${host}:${server.port}`;

  const sign = async (claims: JWTPayload, header: Partial<JWTHeaderParameters> = {}): Promise<string> =>
    await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: key.jwk.kid ?? '', ...header })
      .sign(key.privateKey);

  const self: HostileIssuer = {
    issuer,
    port: server.port,
    ca: ca.pem,
    clientId: 'sallyport',
    clientSecret: 'hostile-secret',
    misdeeds: {},
    asked: [],
    proof: 'none',
    authorize: (url, more = {}) => {
      const asked = new URL(url).searchParams;
      const code = randomUUID();
      codes.set(code, asked);
      const back = new URL(asked.get('redirect_uri') ?? '');
      const answer = { code, state: asked.get('state') ?? '', iss: issuer, ...more };
      back.search = new URLSearchParams(answer).toString();
      return back.href;
    },
    publicPem: () => key.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign,
    rotate: async () => {
      key = await newKey();
    },
    stop: async () => await server.stop(),
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '', issuer).pathname;
    self.asked.push(path);
    if (self.misdeeds.answer?.(path, response) === true) return;
    const body = await answerTo(path, request);
    response.writeHead(body === null ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { error: 'invalid_grant' }));
  }

  async function answerTo(path: string, request: IncomingMessage): Promise<unknown> {
    const { discovery, userinfo } = self.misdeeds;
    if (path === '/.well-known/openid-configuration') return discovery?.(description(issuer)) ?? description(issuer);
    if (path === '/jwks') return { keys: [key.jwk] };
    if (path === '/userinfo') return userinfo?.({ sub: 'subject-1' }) ?? { sub: 'subject-1' };
    const form = await formOf(request);
    const post = form.has('client_secret') ? 'post' : 'none';
    self.proof = request.headers.authorization?.startsWith('Basic ') === true ? 'basic' : post;
    return await tokens(form);
  }

  async function tokens(form: URLSearchParams): Promise<Json | null> {
    const refreshed = form.get('grant_type') === 'refresh_token';
    if (refreshed && form.get('refresh_token') !== 'the refresh token') return null;
    const asked = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!refreshed && asked?.get('code_challenge') !== proof) return null;
    const now = Math.floor(Date.now() / 1000);
    const right = {
      iss: issuer,
      aud: 'sallyport',
      sub: 'subject-1',
      iat: now,
      exp: now + 60,
      ...(refreshed ? {} : { nonce: asked?.get('nonce') }),
    };
    const { claims, token, header, tokens: answered } = self.misdeeds;
    const said = { ...right, preferred_username: 'alice', email: 'alice@company.test', groups: ['ops'] };
    const changed = claims?.(said) ?? said;
    const idToken = (await token?.(changed)) ?? (await sign(changed, header));
    const given = { access_token: 'access', token_type: 'Bearer', expires_in: 60, id_token: idToken };
    const answer = { ...given, refresh_token: 'the refresh token' };
    return answered?.(answer) ?? answer;
  }

  return self;
}

function description(issuer: string): Json {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256', 'RS512', 'HS256', 'none'],
    authorization_response_iss_parameter_supported: true,
  };
}

async function newKey(): Promise<{ publicKey: KeyObject; privateKey: KeyObject; jwk: JWK }> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 });
  const jwk: JWK = { ...(await exportJWK(publicKey)), use: 'sig', kid: randomUUID() };
  return { publicKey, privateKey, jwk };
}
