import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { AskedAgain, Grant } from '../../../src/application/ports/identity-providers.ts';
import { type HostileIssuer, type Misdeeds, startHostileIssuer } from '../../kit/hostile-issuer.ts';
import { type OidcAccount, startOidcProvider } from '../../kit/oidc-provider.ts';
import { answerAt, type Peer, postLogoutRedirectUri, provider, redirectUri } from './oidc-kit.ts';

const scopes = ['profile', 'email', 'groups', 'offline_access'];

/** What is asked for a provider's people, as settings say. */
async function ask(peer: Peer, grant: Grant, subject: string, settings = {}): Promise<AskedAgain> {
  const answer = await provider(peer, { scopes, ...settings }).ask?.(grant, subject);
  if (answer === undefined) throw new Error('it cannot be asked');
  return answer;
}

const said = (answer: AskedAgain): string => (answer.ok ? 'ok' : `${answer.reason}: ${answer.detail}`);

describe.each(['same', 'rotated'] as const)('a real provider whose refresh tokens are %s', (refresh) => {
  async function inside() {
    const accounts: Record<string, OidcAccount> = {
      'a-1': { password: 'pw', claims: { preferred_username: 'alice', groups: ['ops', 'dba'] } },
    };
    const peer = await startOidcProvider({ accounts, redirectUri, postLogoutRedirectUri, refresh });
    onTestFinished(() => peer.stop());
    const login = async (settings: { readonly scopes: readonly string[] }) => {
      const company = provider(peer, settings);
      const begun = await company.begin();
      const answer = await company.finish(answerAt(await peer.login(begun.url, 'a-1', 'pw')), begun.pending);
      if (!answer.ok) throw new Error(answer.detail);
      return answer;
    };
    const { grant } = await login({ scopes });
    if (grant === undefined) throw new Error('the login left nothing to ask by');
    return { accounts, peer, login, grant };
  }

  test('says how somebody is, again and again, and that they are gone', async () => {
    const { accounts, peer, grant } = await inside();
    const first = await ask(peer, grant, 'a-1');
    expect(first).toMatchObject({ ok: true, identity: { subject: 'a-1', username: 'alice', groups: ['ops', 'dba'] } });
    if (!first.ok) return;
    expect(first.grant === grant).toBe(refresh === 'same');
    accounts['a-1'] = { password: 'pw', claims: { preferred_username: 'alice', groups: ['dba'] } };
    const second = await ask(peer, first.grant, 'a-1');
    expect(second).toMatchObject({ ok: true, identity: { groups: ['dba'] } });
    delete accounts['a-1'];
    expect(await ask(peer, second.ok ? second.grant : '', 'a-1')).toMatchObject({ ok: false, reason: 'gone' });
  });

  test('is asked for nothing, and leaves nothing, unless the scopes say so', async () => {
    const { peer, login } = await inside();
    expect(await login({ scopes: ['profile', 'groups'] })).not.toHaveProperty('grant');
    expect(provider(peer).ask).toBeUndefined();
  });
});

describe('an issuer that does something wrong', () => {
  let issuer: HostileIssuer;
  let grant: Grant;

  beforeAll(async () => {
    issuer = await startHostileIssuer();
    const company = provider(issuer, { scopes });
    const begun = await company.begin();
    const answer = await company.finish(answerAt(issuer.authorize(begun.url)), begun.pending);
    grant = (answer.ok ? answer.grant : undefined) ?? '';
  });
  afterEach(() => {
    issuer.misdeeds = {};
  });
  afterAll(async () => {
    await issuer.stop();
  });

  test('is believed as long as it does not', async () => {
    expect(await ask(issuer, grant, 'subject-1')).toMatchObject({ ok: true, identity: { groups: ['ops'] }, grant });
  });

  test.each<[string, Misdeeds, RegExp]>([
    ['somebody else', { claims: (claims) => ({ ...claims, sub: 'subject-2' }) }, /somebody else/],
    ['another issuer', { claims: (claims) => ({ ...claims, iss: 'https://evil.test' }) }, /"iss"/],
    ['another client', { claims: (claims) => ({ ...claims, aud: 'somebody-else' }) }, /"aud"/],
    ['issued to another', { claims: (claims) => ({ ...claims, azp: 'somebody-else' }) }, /azp/],
    ['another algorithm', { header: { alg: 'RS512' } }, /"alg" header/],
    ['no signature', { token: async (claims) => (await issuer.sign(claims)).replace(/[^.]+$/, '') }, /signature/],
    ['no id token', { tokens: ({ id_token: _, ...rest }) => rest }, /no id token/],
  ])('untrusted: %s; what it gave in place of the old token is handed on', async (_, misdeeds, what) => {
    const { tokens } = misdeeds;
    issuer.misdeeds = {
      ...misdeeds,
      tokens: (answer) => ({ ...(tokens?.(answer) ?? answer), refresh_token: 'the next one' }),
    };
    const answer = await ask(issuer, grant, 'subject-1');
    expect(said(answer)).toMatch(/^untrusted: /);
    expect(said(answer)).toMatch(what);
    expect(answer.grant).toContain('the next one');
    expect(said(answer)).not.toContain('the next one');
  });

  const answering =
    (status: number, body: string): NonNullable<Misdeeds['answer']> =>
    (path: string, response: ServerResponse) => {
      if (path !== '/token') return false;
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      return true;
    };

  test.each<[string, string, number, RegExp]>([
    ['an error of its own', '{"error":"invalid_grant"}', 500, /^unavailable: /],
    ['late', '{"error":"temporarily_unavailable"}', 400, /^unavailable: /],
    ['not our client', '{"error":"invalid_client"}', 401, /^unavailable: /],
    ['a rule about the scope', '{"error":"invalid_scope"}', 400, /^untrusted: /],
    ['nothing that can be read', 'invalid_grant', 400, /^untrusted: /],
  ])('nobody is gone by: %s', async (_, body, status, what) => {
    issuer.misdeeds = { answer: answering(status, body) };
    expect(said(await ask(issuer, grant, 'subject-1'))).toMatch(what);
  });

  test('gone: it takes the token no more', async () => {
    issuer.misdeeds = { answer: answering(400, '{"error":"invalid_grant"}') };
    expect(await ask(issuer, grant, 'subject-1')).toMatchObject({ reason: 'gone', grant: null });
  });

  test('the token is shown to nobody but the issuer that gave it, and for no other client', async () => {
    const other = await startHostileIssuer();
    onTestFinished(() => other.stop());
    expect(said(await ask(other, grant, 'subject-1'))).toMatch(/^untrusted: .*another issuer or client/);
    expect(said(await ask(issuer, grant, 'subject-1', { clientId: 'another' }))).toMatch(/^untrusted: /);
    expect(other.asked).not.toContain('/token');
  });

  test('one that hangs is unavailable within 5 s', async () => {
    issuer.misdeeds = { answer: (path) => path === '/token' };
    const before = performance.now();
    expect(said(await ask(issuer, grant, 'subject-1'))).toMatch(/^unavailable: /);
    expect(performance.now() - before).toBeLessThan(10_000);
  });
});
