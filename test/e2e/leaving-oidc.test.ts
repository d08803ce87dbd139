import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Api } from '../../src/client/api.ts';
import { type OidcAccount, type OidcProviderServer, startOidcProvider } from '../kit/oidc-provider.ts';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { oidcSpec, providerDocument } from '../kit/provider-specs.ts';
import { startProcess } from '../kit/process.ts';
import { installationOf, logIn, type Person, withBearer } from './person.ts';
import { launchProduct, type Product, ssh, sshCommand, sshdResources } from './product.ts';

let sshd: Sshd;
let product: Product;
let company: OidcProviderServer;
let admin: Person;
let accounts: Record<string, OidcAccount>;

beforeAll(async () => {
  [sshd, product] = await Promise.all([launchSshd(), launchProduct({ env: { SALLYPORT_SYNC_EVERY: '10s' } })]);
  const here = `https://localhost:${String(product.webPort)}`;
  const of = (name: string) => ({ password: `pw-${name}`, claims: { preferred_username: name, groups: ['crew'] } });
  accounts = { 'a-1': of('alice'), 'b-2': of('berta'), 'c-3': of('carla') };
  company = await startOidcProvider({
    accounts,
    refresh: 'rotated',
    redirectUri: `${here}/auth/callback/company`,
    postLogoutRedirectUri: `${here}/`,
    backchannel: {
      uri: `${here}/auth/oidc/company/backchannel-logout`,
      ca: readFileSync(join(product.dataFolder, 'ca.pem'), 'utf8'),
    },
  });
  const scopes = ['profile', 'email', 'groups', 'offline_access'];
  const provider = providerDocument('company', oidcSpec(company, { scopes }));
  const ofTheCrew = sshdResources(sshd).replace('assign: "true"', `assign: '"crew" in claims.user.groups'`);
  await product.cli(['apply', '-f', '-'], { input: `${provider}---\n${ofTheCrew}` });
  admin = await logIn(product);
}, 240_000);

afterAll(async () => {
  await company?.stop();
  await product?.stop();
  await sshd?.stop();
});

interface Started {
  readonly authenticationId: string;
  readonly challenges: readonly { readonly mechanisms: readonly { readonly id: string }[] }[];
}

/** Somebody of the company logs in there, as a browser does. */
async function loggedIn(subject: string, password: string): Promise<Person> {
  const api = new Api(installationOf(product), '');
  const started = await api.rest<Started>('POST', '/auth/start', { provider: 'company', user: null, door: 'cli' });
  const { authenticationId } = started;
  const mechanismId = started.challenges[0]?.mechanisms[0]?.id;
  const attempt = { authenticationId, mechanismId };
  const begun = await api.rest<{ redirect: string; round: string }>('POST', '/auth/begin', attempt);
  const url = await company.login(begun.redirect, subject, password);
  const answer = { ...attempt, answer: { url, fields: {} }, round: begun.round, door: 'cli' };
  const { bearer } = await api.rest<{ bearer: string }>('POST', '/auth/advance', answer);
  return withBearer(product, bearer);
}

async function inside(name: string, person: Person) {
  const before = await admin.head();
  const token = await person.token();
  const { command, env } = sshCommand(product, `${name}~box`, token.secret);
  const client = startProcess('sshpass', [...command, 'echo up; cat'], { env, keepInput: true });
  await client.line(/^up$/);
  const opened = await admin.event(before, 'the session', ({ type }) => type === 'SessionOpened');
  return { client, token, sessionId: opened.stream, position: opened.position };
}

it('a logout at the provider ends the login, its token and the open session at once, by its notice', async () => {
  const [alice, berta] = [await loggedIn('a-1', 'pw-alice'), await loggedIn('b-2', 'pw-berta')];
  const { client, token, sessionId, position } = await inside('alice', alice);
  const other = await inside('berta', berta);
  await company.tellLogout('a-1');
  // What the provider was answered for has happened by then.
  await expect(alice.token()).rejects.toThrow(/Log in first/);
  await client.exited;
  expect(client.stderr()).toContain('you were logged out at your identity provider');
  const ended = await admin.event(
    position,
    'the end',
    ({ type, stream }) => type === 'SessionEnded' && stream === sessionId,
  );
  expect(ended.data).toMatchObject({ reason: 'provider-logout', how: 'notice' });
  const closed = await admin.event(position, 'the end of the login', ({ type }) => type === 'LoginClosed');
  expect(closed.data).toEqual({ reason: 'provider-logout', how: 'notice' });
  expect((await ssh(product, 'alice~box', token.secret, ['true'])).code).not.toBe(0);

  // Nobody else is concerned, and who logs in anew is in again.
  other.client.child.stdin?.write('still here\n');
  await other.client.line(/^still here$/);
  other.client.child.stdin?.end();
  await other.client.exited;
  const again = await loggedIn('a-1', 'pw-alice');
  expect((await ssh(product, 'alice~box', (await again.token()).secret, ['true'])).code).toBe(0);
}, 120_000);

it('an account that is deleted at the provider ends the open session with the next round of the sync', async () => {
  const { client, token, sessionId, position } = await inside('carla', await loggedIn('c-3', 'pw-carla'));
  delete accounts['c-3'];
  await client.exited;
  const ofIt = ({ type, stream }: { readonly type: string; readonly stream: string }): boolean =>
    type === 'SessionEnded' && stream === sessionId;
  const ended = await admin.event(position, 'the end', ofIt);
  expect(ended.data).toMatchObject({ reason: 'identity-left', how: 'sync' });
  expect((await ssh(product, 'carla~box', token.secret, ['true'])).code).not.toBe(0);
}, 120_000);

it('what proves nothing is answered with 400, at every name, and ends nothing', async () => {
  const alice = await loggedIn('a-1', 'pw-alice');
  const installation = installationOf(product);
  const ca = installation.ca ?? '';
  const form = 'application/x-www-form-urlencoded';
  const send = async (name: string, body: string, type = form): Promise<number> => {
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const url = new URL(`/auth/oidc/${name}/backchannel-logout`, installation.server);
    const headers = { 'content-type': type };
    const asked = request(url, { method: 'POST', ca, headers, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    asked.on('error', reject);
    asked.end(body);
    return await promise;
  };
  expect(await send('company', 'logout_token=a.b.c')).toBe(400);
  expect(await send('company', 'logout_token=a.b.c&logout_token=a.b.c')).toBe(400);
  expect(await send('company', '')).toBe(400);
  expect(await send('nobody', 'logout_token=a.b.c')).toBe(400);
  // As Keycloak writes it.
  expect(await send('company', 'logout_token=a.b.c', `${form}; charset=UTF-8`)).toBe(400);
  for (const type of [`${form}; charset=utf-16`, `${form};charset=utf-8;x=y`, 'multipart/form-data; boundary=a']) {
    expect(await send('company', 'logout_token=a.b.c', type), type).toBe(415);
  }
  expect(await alice.token()).toMatchObject({ id: expect.stringMatching(/^token-/) });
});
