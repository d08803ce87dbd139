import { createPublicKey } from 'node:crypto';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import type { LogoutNotice, RedirectProvider } from '../../../src/application/ports/identity-providers.ts';
import { makeTestCa } from '../../kit/certificates.ts';
import { type HostileIssuer, startHostileIssuer } from '../../kit/hostile-issuer.ts';
import { startOidcProvider } from '../../kit/oidc-provider.ts';
import { formOf, startSecureServer } from '../../kit/secure-server.ts';
import { postLogoutRedirectUri, provider, redirectUri } from './oidc-kit.ts';

const event = 'http://schemas.openid.net/event/backchannel-logout';
let issuer: HostileIssuer;
let company: RedirectProvider;
let made = 0;

beforeAll(async () => {
  issuer = await startHostileIssuer();
});
afterAll(async () => {
  await issuer.stop();
});
beforeEach(() => {
  company = provider(issuer);
});

const seconds = (): number => Math.trunc(Date.now() / 1_000);

/** Claims of a notice that is as it should be. */
function claims(): JWTPayload {
  made += 1;
  const { issuer: iss, clientId: aud } = issuer;
  const all = {
    iss,
    aud,
    iat: seconds(),
    exp: seconds() + 120,
    jti: `notice-${String(made)}`,
    sub: 'a1',
    events: { [event]: {} },
  };
  return all;
}

async function told(token: string): Promise<LogoutNotice> {
  if (company.logoutNotice === undefined) throw new Error('it takes no notices');
  return company.logoutNotice(token);
}

const no = (answer: LogoutNotice): string => (answer.ok ? 'ok' : `${answer.reason}: ${answer.detail}`);

test('a real provider tells of a logout, and it is taken', async () => {
  const ca = await makeTestCa('Receiver CA');
  const heard: LogoutNotice[] = [];
  let here: RedirectProvider | null = null;
  const receiver = await startSecureServer(await ca.certify(), (request, response) => {
    void formOf(request).then(async (form) => {
      const notice = await here?.logoutNotice?.(form.get('logout_token') ?? '');
      if (notice !== undefined) heard.push(notice);
      response.writeHead(notice?.ok === true ? 200 : 400).end();
    });
  });
  onTestFinished(() => receiver.stop());
  const uri = `https://localhost:${String(receiver.port)}/auth/oidc/company/backchannel-logout`;
  const peer = await startOidcProvider({
    accounts: {},
    redirectUri,
    postLogoutRedirectUri,
    backchannel: { uri, ca: ca.pem },
  });
  onTestFinished(() => peer.stop());
  here = provider(peer);
  await peer.tellLogout('a1b2-c3');
  expect(heard).toEqual([{ ok: true, subject: 'a1b2-c3' }]);
});

test.each([undefined, 'JWT', 'logout+jwt'])('a notice with the type %s is taken, once', async (typ) => {
  const token = await issuer.sign(claims(), typ === undefined ? {} : { typ });
  expect(await told(token)).toEqual({ ok: true, subject: 'a1' });
  expect(no(await told(token))).toBe('untrusted: this logout token was taken before');
});

const wrong: readonly (readonly [string, Readonly<Record<string, unknown>>, string])[] = [
  ['of another issuer', { iss: 'https://elsewhere.test' }, 'untrusted'],
  ['to another client', { aud: 'somebody-else' }, 'untrusted'],
  ['that is too old', { iat: seconds() - 400, exp: seconds() + 120 }, 'untrusted'],
  ['of the future', { iat: seconds() + 120 }, 'untrusted'],
  ['that has expired', { iat: seconds() - 200, exp: seconds() - 100 }, 'untrusted'],
  ['without a time', { iat: undefined }, 'untrusted'],
  ['without an id', { jti: undefined }, 'untrusted'],
  ['with an empty id', { jti: '' }, 'untrusted'],
  ['with a nonce, as an id token has it', { nonce: 'n' }, 'untrusted'],
  ['without events', { events: undefined }, 'untrusted'],
  ['of another event', { events: { 'https://other.test/event': {} } }, 'untrusted'],
  ['whose event is no object', { events: { [event]: true } }, 'untrusted'],
  ['with a session alone', { sub: undefined, sid: 's' }, 'missing-claim'],
  ['with a subject that is none', { sub: 'a\u0000' }, 'untrusted'],
];

test.each(wrong)('a notice %s is not taken', async (_what, over, reason) => {
  const answer = await told(await issuer.sign(JSON.parse(JSON.stringify({ ...claims(), ...over })) as JWTPayload));
  expect(no(answer)).toMatch(new RegExp(`^${reason}: `));
});

test.each(['at+jwt', 'secevent+jwt'])('a token of the type %s is no notice', async (typ) => {
  expect(no(await told(await issuer.sign(claims(), { typ })))).toBe('untrusted: the token is of another type (typ)');
});

test('nothing that is not signed by its key is taken: none, its public key as a secret, another key, an own key in the header', async () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  expect(no(await told(`${part({ alg: 'none' })}.${part(claims())}.`))).toMatch(/^untrusted/);
  const shared = await new SignJWT(claims())
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(issuer.publicPem()));
  expect(no(await told(shared))).toMatch(/^untrusted/);
  const other = await startHostileIssuer();
  onTestFinished(() => other.stop());
  expect(no(await told(await other.sign(claims())))).toMatch(/^untrusted/);
  const jwk = await exportJWK(createPublicKey(other.publicPem()));
  expect(no(await told(await other.sign(claims(), { jwk })))).toMatch(/^untrusted/);
  const [head = '', body = '', signature = ''] = (await issuer.sign(claims())).split('.');
  const changed = { ...(JSON.parse(Buffer.from(body, 'base64url').toString()) as object), sub: 'b2' };
  expect(no(await told(`${head}.${part(changed)}.${signature}`))).toMatch(/^untrusted/);
  expect(no(await told('not a token'))).toMatch(/^untrusted/);
  expect(no(await told(`a.${'x'.repeat(9_000)}.b`))).toBe('untrusted: the logout token is longer than 8 KB');
});

test('a hundred forged notices ask the provider for its keys once', async () => {
  const other = await startHostileIssuer();
  onTestFinished(() => other.stop());
  const before = issuer.asked.length;
  await told(await issuer.sign(claims()));
  const forged = await other.sign(claims());
  for (let index = 0; index < 100; index += 1) expect((await told(forged)).ok).toBe(false);
  expect(issuer.asked.length - before).toBeLessThanOrEqual(3);
});

test('while the provider is away nothing is known, and the notice may come again', async () => {
  const gone = await startHostileIssuer();
  const token = await issuer.sign(claims());
  await gone.stop();
  company = provider(gone);
  expect(no(await told(token))).toMatch(/^unavailable: /);
});
