import { type JWTPayload, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { OidcSettings } from '../../../src/adapters/oidc/settings.ts';
import { type HostileIssuer, type Misdeeds, startHostileIssuer } from '../../kit/hostile-issuer.ts';
import { answerAt, provider, refusal } from './oidc-kit.ts';

let issuer: HostileIssuer;

beforeAll(async () => {
  issuer = await startHostileIssuer();
});
afterEach(() => {
  issuer.misdeeds = {};
});
afterAll(async () => {
  await issuer.stop();
});

async function login(misdeeds: Misdeeds = {}, more: Record<string, string> = {}, settings: Partial<OidcSettings> = {}) {
  const company = provider(issuer, settings);
  issuer.misdeeds = misdeeds;
  const begun = await company.begin();
  return await company.finish(answerAt(issuer.authorize(begun.url, more)), begun.pending);
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = (offset: number): number => Math.floor(Date.now() / 1000) + offset;
/** A token as it should be, but for these claims. */
const claiming = (change: JWTPayload | (() => JWTPayload)): Misdeeds => ({
  claims: (claims) => ({ ...claims, ...(typeof change === 'function' ? change() : change) }),
});

test('an issuer that does nothing wrong is believed', async () => {
  expect(await login()).toMatchObject({
    ok: true,
    identity: { subject: 'subject-1', username: 'alice', groups: ['ops'] },
  });
});

test.each<[string, Misdeeds, RegExp]>([
  ['alg none', { token: (claims) => `${encode({ alg: 'none' })}.${encode(claims)}.` }, /"alg" header/],
  ['alg nOnE', { token: (claims) => `${encode({ alg: 'nOnE' })}.${encode(claims)}.` }, /"alg" header/],
  ['another algorithm of the same key', { header: { alg: 'RS512' } }, /"alg" header/],
  ['no signature', { token: async (claims) => (await issuer.sign(claims)).replace(/[^.]+$/, '') }, /signature/],
  [
    'a crit header',
    { token: (claims) => `${encode({ alg: 'RS256', crit: ['b64'], b64: false })}.${encode(claims)}.eA` },
    /crit/,
  ],
  ['another issuer', claiming({ iss: 'https://evil.test' }), /"iss"/],
  ['another audience', claiming({ aud: 'somebody-else' }), /"aud"/],
  ['more audiences, and no word for whom', claiming({ aud: ['sallyport', 'somebody-else'] }), /"aud"/],
  [
    'more audiences, issued to another',
    claiming({ aud: ['sallyport', 'somebody-else'], azp: 'somebody-else' }),
    /"azp"/,
  ],
  ['issued to another', claiming({ azp: 'somebody-else' }), /azp/],
  ['expired', claiming(() => ({ iat: seconds(-200), exp: seconds(-31) })), /expired or is not valid yet.*both clocks/],
  ['not valid yet', claiming(() => ({ nbf: seconds(40) })), /expired or is not valid yet/],
  ['from the future', claiming(() => ({ iat: seconds(40), exp: seconds(100) })), /from the future/],
  ['without an end', { claims: ({ exp: _, ...rest }) => rest }, /"exp".*missing/],
  ['without a subject', { claims: ({ sub: _, ...rest }) => rest }, /"sub".*missing/],
  ['a subject that is none', claiming({ sub: 'a\u0000b' }), /subject in the id token is not one/],
  ['a subject too long', claiming({ sub: 'x'.repeat(256) }), /subject in the id token is not one/],
  ['a foreign nonce', claiming({ nonce: 'another' }), /"nonce"/],
  ['no nonce', { claims: ({ nonce: _, ...rest }) => rest }, /"nonce".*missing/],
])('untrusted: an id token with %s', async (_, misdeeds, what) => {
  const said = refusal(await login(misdeeds));
  expect(said).toMatch(/^untrusted: /);
  expect(said).toMatch(what);
});

test('untrusted: the public key as a shared secret, though the provider says it signs that way', async () => {
  const pem = issuer.publicPem();
  const forge = async (claims: JWTPayload): Promise<string> =>
    await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(pem));
  expect(refusal(await login({ token: forge }))).toMatch(/^untrusted: .*"alg" header/);
});

test("untrusted: another's key, brought along in the header or under a name that is known", async () => {
  const other = await startHostileIssuer();
  try {
    const own = await issuer.sign({});
    const { kid } = JSON.parse(Buffer.from(own.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
    const jku = `${other.issuer}/jwks`;
    const signed = await login({ token: async (claims) => await other.sign(claims, { kid }) });
    expect(refusal(signed)).toMatch(/^untrusted: .*signature/);
    expect(refusal(await login({ token: async (claims) => await other.sign(claims, { jku }) }))).toMatch(
      /^untrusted: .*key/,
    );
    expect(other.asked).toEqual([]);
  } finally {
    await other.stop();
  }
});

test('untrusted: an id token of an earlier login', async () => {
  let earlier = '';
  const keep = async (claims: JWTPayload): Promise<string> => (earlier = await issuer.sign(claims));
  expect(await login({ token: keep })).toMatchObject({ ok: true });
  expect(refusal(await login({ token: () => earlier }))).toMatch(/^untrusted: .*"nonce"/);
});

test('half a minute between the clocks is borne', async () => {
  const behind = await login(claiming(() => ({ iat: seconds(-100), exp: seconds(-20) })));
  const ahead = await login(claiming(() => ({ iat: seconds(20), nbf: seconds(20), exp: seconds(80) })));
  expect([behind, ahead]).toMatchObject([{ ok: true }, { ok: true }]);
});

test('a key that is new counts at once, and one that is withdrawn no more', async () => {
  const company = provider(issuer);
  const through = async () => {
    const begun = await company.begin();
    return await company.finish(answerAt(issuer.authorize(begun.url)), begun.pending);
  };
  expect(await through()).toMatchObject({ ok: true });
  const old = await issuer.sign({});
  const { kid } = JSON.parse(Buffer.from(old.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
  await issuer.rotate();
  expect(await through()).toMatchObject({ ok: true });
  issuer.misdeeds = { header: { kid } };
  expect(refusal(await through())).toMatch(/^untrusted: .*key/);
});

test.each<[string, Record<string, string>, RegExp]>([
  ['a foreign state', { state: 'another' }, /"state"/],
  ['no state', { state: '' }, /"state"/],
  ['the name of another issuer', { iss: 'https://evil.test' }, /"iss"/],
  ['no issuer, though it promised one', { iss: '' }, /"iss"/],
])('untrusted: an answer with %s, before a code is sent anywhere', async (_, more, what) => {
  issuer.asked.length = 0;
  const said = refusal(await login({}, more));
  expect(said).toMatch(/^untrusted: /);
  expect(said).toMatch(what);
  expect(issuer.asked).not.toContain('/token');
});

test('untrusted: an answer to what was begun elsewhere, twice the same word, or nothing that was begun', async () => {
  const company = provider(issuer);
  const { url, pending } = await company.begin();
  const other = await provider(issuer, { name: 'other' }).finish(answerAt(issuer.authorize(url)), pending);
  expect(refusal(other)).toBe('untrusted: the login was begun at another provider');
  const twice = await company.finish(answerAt(`${issuer.authorize(url)}&code=another`), pending);
  expect(refusal(twice)).toMatch(/^untrusted: .*"code" parameter must be provided only once/);
  for (const nothing of ['', '{}', 'null', '{"provider":"company"}']) {
    expect(refusal(await company.finish(answerAt(issuer.authorize(url)), nothing))).toMatch(
      /^untrusted: no login was begun/,
    );
  }
});

test('an error in the answer is repeated only when it is a word', async () => {
  const said = refusal(await login({}, { error: '<b>alice@company.test</b>', code: '' }));
  expect(said).toBe('wrong-answer: the provider answered an error of no known kind');
  expect(refusal(await login({}, { error: 'temporarily_unavailable' }))).toMatch(/^unavailable: /);
});

test('untrusted: userinfo about somebody else', async () => {
  const misdeeds: Misdeeds = {
    claims: ({ groups: _, ...rest }) => rest,
    userinfo: () => ({ sub: 'subject-2', groups: ['admins'] }),
  };
  expect(refusal(await login(misdeeds))).toMatch(/^untrusted: .*"sub"/);
});

test('what the id token says counts before userinfo', async () => {
  const misdeeds: Misdeeds = {
    claims: ({ groups: _, ...rest }) => rest,
    userinfo: (claims) => ({ ...claims, preferred_username: 'root', groups: ['dba'] }),
  };
  expect(await login(misdeeds)).toMatchObject({ ok: true, identity: { username: 'alice', groups: ['dba'] } });
});

test('an algorithm that is set is the one that counts', async () => {
  expect(await login({ header: { alg: 'RS512' } }, {}, { algorithm: 'RS512' })).toMatchObject({ ok: true });
  expect(refusal(await login({}, {}, { algorithm: 'RS512' }))).toMatch(/^untrusted: .*"alg" header/);
});

test.each([
  [undefined, 'hostile-secret', 'basic'],
  [['client_secret_post', 'client_secret_basic'], 'hostile-secret', 'basic'],
  [['client_secret_post'], 'hostile-secret', 'post'],
  [['client_secret_post'], null, 'none'],
])('a provider that takes %s gets the secret %s by %s', async (methods, clientSecret, proof) => {
  const discovery: Misdeeds['discovery'] = (document) => ({
    ...document,
    token_endpoint_auth_methods_supported: methods,
  });
  expect(await login({ discovery }, {}, { clientSecret })).toMatchObject({ ok: true });
  expect(issuer.proof).toBe(proof);
});

test('groups: one text, a list, none; anything else is a missing claim, and so is a pointer to them', async () => {
  const groups = async (change: JWTPayload) => await login(claiming({ groups: undefined, ...change }));
  expect(await groups({ groups: 'ops' })).toMatchObject({ ok: true, identity: { groups: ['ops'] } });
  expect(await groups({})).toMatchObject({ ok: true, identity: { groups: [] } });
  expect(refusal(await groups({ groups: [{ name: 'ops' }] }))).toMatch(
    /^missing-claim: the claim groups is not a list/,
  );
  expect(refusal(await groups({ _claim_names: { groups: 'src1' } }))).toMatch(
    /^missing-claim: the claim groups is not sent/,
  );
});

test('an attribute that is only pointed to is left out, and not taken for none', async () => {
  const said = async (change: JWTPayload) =>
    await login(claiming(change), {}, { claims: { attributes: { kind: 'kind' } } });
  expect(await said({ kind: ['guest'] })).toMatchObject({ identity: { attributes: { kind: ['guest'] } } });
  const answer = await said({ _claim_names: { kind: 'src1' } });
  expect(answer.ok && answer.identity.attributes).toEqual({});
});

test('names: what is not a short text is refused, and so is what every object has', async () => {
  for (const name of [7, '', 'a\nb', 'x'.repeat(257), ['alice']]) {
    expect(refusal(await login(claiming({ preferred_username: name })))).toMatch(
      /^missing-claim: the claim preferred_username/,
    );
  }
  expect(refusal(await login({}, {}, { claims: { username: 'constructor' } }))).toMatch(
    /^missing-claim: the claim constructor/,
  );
});
