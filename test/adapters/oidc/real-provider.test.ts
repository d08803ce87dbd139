import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OidcProviderServer, startOidcProvider } from '../../kit/oidc-provider.ts';
import { answerAt, postLogoutRedirectUri, provider, redirectUri, refusal } from './oidc-kit.ts';

const accounts = {
  'a1b2-c3': {
    password: 'alice-pw',
    claims: {
      preferred_username: 'alice',
      email: 'alice@company.test',
      email_verified: true,
      groups: ['ops', 'dba', 'ops'],
      ...{ department: ['eng', 'r&d'], level: 7, lead: true, address: { locality: 'Bonn' } },
    },
  },
  'd4e5-f6': { password: 'bob-pw', claims: { preferred_username: 'bob' } },
  'g7h8-i9': {
    password: 'mallory-pw',
    claims: { preferred_username: 'mallory', email: 'alice@company.test', email_verified: false },
  },
  nameless: { password: 'pw', claims: { email: 'x@company.test', email_verified: true } },
};
let peer: OidcProviderServer;

beforeAll(async () => {
  peer = await startOidcProvider({ accounts, redirectUri, postLogoutRedirectUri });
});
afterAll(async () => {
  await peer.stop();
});

async function login(at = peer, subject = 'a1b2-c3', password = 'alice-pw', settings = {}) {
  const company = provider(at, settings);
  const begun = await company.begin();
  const came = await at.login(begun.url, subject, password);
  return { company, begun, came, answer: await company.finish(answerAt(came), begun.pending) };
}

test('a person logs in, and is who the provider says, with groups from userinfo', async () => {
  const { begun, answer } = await login();
  expect(answer).toEqual({
    ok: true,
    identity: {
      provider: 'company',
      subject: 'a1b2-c3',
      username: 'alice',
      email: 'alice@company.test',
      groups: ['ops', 'dba'],
      attributes: {},
      standing: 'active',
    },
  });
  const asked = new URL(begun.url).searchParams;
  expect(asked.get('code_challenge_method')).toBe('S256');
  expect(asked.get('scope')).toBe('openid profile email groups');
  const { state, nonce, verifier } = JSON.parse(begun.pending) as Record<string, string>;
  expect([asked.get('state'), asked.get('nonce')]).toEqual([state, nonce]);
  expect(begun.url).not.toContain(verifier);
});

test.each(['client_secret_post', 'none'] as const)(
  'the same by %s, with the claims in the id token',
  async (clientAuth) => {
    const other = await startOidcProvider({
      accounts,
      redirectUri,
      postLogoutRedirectUri,
      clientAuth,
      claimsInIdToken: true,
    });
    try {
      const { answer } = await login(other, 'a1b2-c3', 'alice-pw', clientAuth === 'none' ? { clientSecret: null } : {});
      expect(answer).toMatchObject({ ok: true, identity: { username: 'alice', groups: ['ops', 'dba'] } });
    } finally {
      await other.stop();
    }
  },
);

test.each([{}, { claimsInIdToken: true }])(
  'attributes are lists of texts under the names of the resource, none where there is no claim: %o',
  async (options) => {
    const other = await startOidcProvider({ accounts, redirectUri, postLogoutRedirectUri, ...options });
    const attributes = {
      ...{ department: 'department', grade: 'level', leads: 'lead', mail: 'email' },
      ...{ home: 'address', room: 'room', inherited: 'constructor' },
    };
    try {
      const alice = await login(other, 'a1b2-c3', 'alice-pw', { claims: { attributes } });
      expect(alice.answer).toMatchObject({ ok: true });
      expect(alice.answer.ok && alice.answer.identity.attributes).toEqual({
        ...{ department: ['eng', 'r&d'], grade: ['7'], leads: ['true'], mail: ['alice@company.test'] },
        // `address` is more than texts, and so is not there at all.
        ...{ room: [], inherited: [] },
      });
      const unverified = {
        claims: { attributes: { mail: 'email', department: 'department' }, email: 'preferred_username' },
      };
      const mallory = await login(other, 'g7h8-i9', 'mallory-pw', unverified);
      expect(mallory.answer.ok && mallory.answer.identity.attributes).toEqual({ department: [] });
    } finally {
      await other.stop();
    }
  },
);

test('nobody but e-mail and groups may be missing, unless they are named', async () => {
  const { answer } = await login(peer, 'd4e5-f6', 'bob-pw');
  expect(answer).toMatchObject({ ok: true, identity: { username: 'bob', email: null, groups: [] } });
  const named = await login(peer, 'd4e5-f6', 'bob-pw', { claims: { email: 'email' } });
  expect(refusal(named.answer)).toMatch(/^missing-claim: the claim email \(claims\.email\) is neither/);
  const nameless = await login(peer, 'nameless', 'pw');
  expect(refusal(nameless.answer)).toMatch(
    /^missing-claim: the claim preferred_username \(claims\.username\) is neither/,
  );
});

test('an address the provider has not verified is nobody', async () => {
  const { answer } = await login(peer, 'g7h8-i9', 'mallory-pw', { claims: { username: 'email' } });
  expect(refusal(answer)).toMatch(/^missing-claim: the claim email is there, but the provider has not verified it/);
});

test('the registered address counts, whatever name the browser came by', async () => {
  const company = provider(peer);
  const begun = await company.begin();
  const came = await peer.login(begun.url, 'a1b2-c3', 'alice-pw');
  const byAnother = came.replace('https://sallyport.test', 'http://gate.test:8080');
  expect(byAnother).not.toBe(came);
  expect(await company.finish(answerAt(byAnother), begun.pending)).toMatchObject({ ok: true });
});

test('who is refused there is refused here', async () => {
  const { answer } = await login(peer, 'a1b2-c3', 'wrong');
  expect(refusal(answer)).toBe('wrong-answer: the provider answered access_denied');
});

test('an answer counts once, and only for what was begun in the same browser', async () => {
  const { company, begun, came } = await login();
  expect(refusal(await company.finish(answerAt(came), begun.pending))).toBe(
    'untrusted: this login has had an answer before',
  );
  // The code itself, in a process that remembers nothing, is refused by the provider.
  expect(refusal(await provider(peer).finish(answerAt(came), begun.pending))).toBe(
    'untrusted: the provider does not take the code (invalid_grant)',
  );

  const mine = await company.begin();
  const theirs = await company.begin();
  const stranger = await peer.login(theirs.url, 'g7h8-i9', 'mallory-pw');
  expect(refusal(await company.finish(answerAt(stranger), mine.pending))).toMatch(/^untrusted: .*"state"/);
});

test('of 20 answers at once one counts', async () => {
  const company = provider(peer);
  const begun = await company.begin();
  const came = await peer.login(begun.url, 'a1b2-c3', 'alice-pw');
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => await company.finish(answerAt(came), begun.pending)),
  );
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
});

test('a code without the verifier it was asked with is worth nothing', async () => {
  const company = provider(peer);
  const begun = await company.begin();
  const came = await peer.login(begun.url, 'a1b2-c3', 'alice-pw');
  const pending = { ...JSON.parse(begun.pending), verifier: 'x'.repeat(43) };
  expect(refusal(await company.finish(answerAt(came), JSON.stringify(pending)))).toMatch(/invalid_grant/);
});

test('a wrong client secret is named as such', async () => {
  const { answer } = await login(peer, 'a1b2-c3', 'alice-pw', { clientSecret: 'wrong' });
  expect(refusal(answer)).toMatch(/^unavailable: the provider refuses this client \(.*spec\.clientSecret/);
});

test('logging out there ends the login there and leads back to us', async () => {
  const browser = peer.browser();
  const company = provider(peer);
  await peer.login((await company.begin()).url, 'a1b2-c3', 'alice-pw', browser);
  const again = await browser.open((await company.begin()).url);
  expect(again.status).toBe(0);

  const page = await browser.open((await company.logout('somebody')) ?? '');
  const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page.body) ?? [];
  const [, action = ''] = /action="([^"]+)"/.exec(page.body) ?? [];
  expect((await browser.open(action, { xsrf, logout: 'yes' })).url).toBe(postLogoutRedirectUri);
  const after = await browser.open((await company.begin()).url);
  expect(after.url).toContain('/interaction/');
});

test('a certificate nobody vouches for is not talked to', async () => {
  await expect(provider(peer, { ca: null }).begin()).rejects.toThrow(
    /certificate of https:\/\/localhost:\d+ is not trusted/,
  );
});
