import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Api } from '../../src/client/api.ts';
import { makeTestCa } from '../kit/certificates.ts';
import { type DirectoryMisdeed, type HostileDirectory, pour, startHostileDirectory } from '../kit/hostile-directory.ts';
import { type HostileIssuer, startHostileIssuer } from '../kit/hostile-issuer.ts';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { startProcess } from '../kit/process.ts';
import { until } from '../kit/until.ts';
import { installationOf, logIn, type Person, withBearer } from './person.ts';
import { launchProduct, type Product, sshCommand, sshdResources } from './product.ts';

/** What the ports promise, and as much again for a slow machine that does all of this at once. */
const inTime = 10_000;
const directories = ['mute', 'flood', 'gone'] as const satisfies readonly DirectoryMisdeed[];

let sshd: Sshd;
let product: Product;
let issuer: HostileIssuer;
let admin: Person;
const servers = new Map<DirectoryMisdeed, HostileDirectory>();

const provider = (name: string, spec: object): string =>
  JSON.stringify({ apiVersion: 'sallyport/v1', kind: 'IdentityProvider', metadata: { name }, spec });

beforeAll(async () => {
  const ca = await makeTestCa();
  const certified = await ca.certify();
  [sshd, product, issuer] = await Promise.all([launchSshd(), launchProduct(), startHostileIssuer()]);
  for (const name of directories) servers.set(name, await startHostileDirectory(name, certified));
  const { clientId, clientSecret } = issuer;
  const oidc = { type: 'oidc', issuer: issuer.issuer, clientId, clientSecret, tls: { ca: issuer.ca } };
  const documents = [
    ...directories.map((name) =>
      provider(name, {
        type: 'ldap',
        urls: [servers.get(name)?.url],
        bindDn: 'cn=svc',
        bindPassword: 'svc-pw',
        userBase: 'dc=x',
        tls: { ca: ca.pem },
      }),
    ),
    // Two resources for one server: what one learned of it the other does not know.
    provider('company', oidc),
    provider('stranger', oidc),
    provider('federation', { type: 'saml', metadata: `${issuer.issuer}/metadata`, tls: { ca: issuer.ca } }),
    JSON.stringify({
      apiVersion: 'sallyport/v1',
      kind: 'User',
      metadata: { name: 'lena' },
      spec: { password: 'lena is known here by this' },
    }),
    sshdResources(sshd),
  ];
  await product.cli(['apply', '-f', '-'], { input: documents.join('\n---\n') });
  admin = await logIn(product);
}, 240_000);

afterAll(async () => {
  await product?.stop();
  for (const server of servers.values()) server.stop();
  await issuer?.stop();
  await sshd?.stop();
});

beforeEach(() => {
  issuer.misdeeds = {};
});

interface Started {
  readonly authenticationId: string;
  readonly challenges: readonly { readonly mechanisms: readonly { readonly id: string }[] }[];
}

interface Said {
  readonly name: string;
  readonly door: 'json' | 'page' | 'cli';
  readonly status: number;
  readonly text: string;
  readonly milliseconds: number;
}

const api = () => new Api(installationOf(product), '');

/** One request as it is, without what a client makes of the answer. */
async function send(path: string, type: string, body: string): Promise<{ status: number; text: string }> {
  const { server, ca = '' } = installationOf(product);
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const headers = { 'content-type': type, origin: `https://localhost:${String(product.webPort)}`, accept: '*/*' };
  const at = new URL(path, server);
  at.hostname = 'localhost';
  const asked = request(at, { method: 'POST', ca, headers, agent: false }, (answer) => {
    const chunks: Buffer[] = [];
    answer.on('data', (chunk: Buffer) => chunks.push(chunk));
    answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
  });
  asked.on('error', reject);
  asked.end(body);
  return await promise;
}

async function timed(
  name: string,
  door: Said['door'],
  work: () => Promise<{ status: number; text: string }>,
): Promise<Said> {
  const start = performance.now();
  const { status, text } = await work();
  return { name, door, status, text, milliseconds: performance.now() - start };
}

async function attemptAt(name: string, user: string | null) {
  const started = await api().rest<Started>('POST', '/auth/start', { provider: name, user, door: 'cli' });
  return { authenticationId: started.authenticationId, mechanismId: started.challenges[0]?.mechanisms[0]?.id };
}

const json = (path: string, body: unknown) => send(path, 'application/json', JSON.stringify(body));

/** lena, with the password that counts here, at a provider's door. */
async function byJson(name: string): Promise<Said> {
  const directory = servers.has(name as DirectoryMisdeed);
  const attempt = await attemptAt(name, directory ? 'lena' : null);
  return timed(name, 'json', () =>
    directory
      ? json('/auth/advance', { ...attempt, answer: 'lena is known here by this', door: 'cli' })
      : json('/auth/begin', attempt),
  );
}

function byPage(name: string): Promise<Said> {
  const directory = servers.has(name as DirectoryMisdeed);
  const typed = { user: directory ? 'lena' : '', password: directory ? 'lena is known here by this' : '' };
  const form = new URLSearchParams({ ...typed, provider: name, to: '', user_code: '' });
  return timed(name, 'page', () => send('/auth/login', 'application/x-www-form-urlencoded', form.toString()));
}

function byCli(name: string): Promise<Said> {
  return timed(name, 'cli', async () => {
    const as = { user: 'lena', password: 'lena is known here by this', code: null };
    const { code, stderr } = await product.cli(['login', '--provider', name], as);
    return { status: code ?? -1, text: stderr };
  });
}

async function expectClearNo(...answers: readonly Promise<Said>[]): Promise<void> {
  const before = await admin.head();
  for (const { name, door, status, text, milliseconds } of await Promise.all(answers)) {
    const what = `${name} at ${door}: ${text}`;
    expect(status, what).toBe(door === 'cli' ? 1 : 503);
    expect(text, what).toMatch(name === 'federation' ? /the metadata at/ : new RegExp(`the identity provider ${name}`));
    expect(text, what).toMatch(/try again/);
    // The command line takes its time to start.
    expect(milliseconds, what).toBeLessThan(door === 'cli' ? 3 * inTime : inTime);
  }
  const since = await admin.events(before);
  expect(since.filter(({ type }) => type === 'LoginOpened')).toEqual([]);
  expect(since.filter(({ type }) => type === 'AuthenticationFailed')).toEqual([]);
}

/** Memory of the process itself, in MB. */
function memory(): number {
  const pid = readFileSync(join(product.dataFolder, 'process.pid'), 'utf8').trim();
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(join('/proc', pid, 'status'), 'utf8'))?.[1]) / 1024;
}

const misdeeds: Readonly<Record<string, (response: ServerResponse) => boolean>> = {
  'says nothing': () => true,
  'sends 50 MB': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    pour(response, Buffer.alloc(65_536, ' '));
    return true;
  },
  'goes away': (response) => {
    response.destroy();
    return true;
  },
};

it('a directory that is silent, sends 50 MB or hangs up is a clear no at every door, and nothing stands in for it', async () => {
  const before = memory();
  await expectClearNo(...directories.flatMap((name) => [byJson(name), byPage(name)]), byCli('mute'));
  expect(memory() - before).toBeLessThan(150);
}, 120_000);

it.each(Object.keys(misdeeds))(
  'an OpenID Connect issuer and SAML metadata: where the server %s, the answer is a clear no',
  async (what) => {
    const before = memory();
    issuer.misdeeds = { answer: (_path, response) => misdeeds[what]?.(response) ?? false };
    await expectClearNo(...['stranger', 'federation'].flatMap((name) => [byJson(name), byPage(name)]));
    expect(memory() - before).toBeLessThan(150);
  },
  120_000,
);

it('an issuer that says it is another one is a clear no', async () => {
  issuer.misdeeds = { discovery: (document) => ({ ...document, issuer: 'https://elsewhere.test' }) };
  await expectClearNo(byJson('stranger'), byPage('stranger'));
}, 120_000);

async function atCompany() {
  const attempt = await attemptAt('company', null);
  const { redirect, round } = await api().rest<{ redirect: string; round: string }>('POST', '/auth/begin', attempt);
  return { ...attempt, answer: { url: issuer.authorize(redirect), fields: {} }, round, door: 'cli' };
}

async function inside(person: Person) {
  const token = await person.token();
  const { command, env } = sshCommand(product, 'alice~box', token.secret);
  const client = startProcess('sshpass', [...command, 'echo up; cat'], { env, keepInput: true });
  await client.line(/^up$/);
  return client;
}

it('when a provider goes bad, open sessions and logins that rest on it live on, and nobody new gets in', async () => {
  const { bearer } = await api().rest<{ bearer: string }>('POST', '/auth/advance', await atCompany());
  const alice = withBearer(product, bearer);
  const client = await inside(alice);
  const say = async (line: string): Promise<void> => {
    client.child.stdin?.write(`${line}\n`);
    await client.line(new RegExp(`^${line}$`));
  };
  for (const [what, answer] of Object.entries(misdeeds)) {
    const attempt = await atCompany();
    issuer.misdeeds = { answer: (_path, response) => answer(response) };
    const said = await timed('company', 'json', () => json('/auth/advance', attempt));
    issuer.misdeeds = {};
    expect([401, 503], `${what}: ${said.text}`).toContain(said.status);
    expect(said.text, what).toMatch(/try again|start again/);
    expect(said.milliseconds, what).toBeLessThan(inTime);
    await say(`still here when it ${what}`);
  }
  const attempt = await atCompany();
  issuer.misdeeds = { claims: (claims) => ({ ...claims, iss: 'https://elsewhere.test' }) };
  const lied = await json('/auth/advance', attempt);
  expect(lied).toMatchObject({ status: 401, text: expect.stringContaining('start again') });
  await say('still here when it lies');
  expect(await alice.token()).toMatchObject({ id: expect.stringMatching(/^token-/) });
  client.child.stdin?.end();
  expect((await client.exited).code).toBe(0);
}, 120_000);

it('while 40 logins hang at a silent directory, 32 connections are open there, the others are told, and a local login goes through', async () => {
  const mute = servers.get('mute');
  await until(() => mute?.open() === 0, { what: 'the connections of before to be closed' });
  const attempts = await Promise.all(Array.from({ length: 40 }, () => attemptAt('mute', 'lena')));
  const answers = attempts.map((attempt) => json('/auth/advance', { ...attempt, answer: 'x', door: 'cli' }));
  await until(() => mute?.open() === 32, { what: 'the connections at the directory' });
  const start = performance.now();
  await logIn(product);
  expect(performance.now() - start).toBeLessThan(inTime);
  const all = await Promise.all(answers);
  expect(all.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(1);
  for (const { status, text } of all) {
    expect([429, 503]).toContain(status);
    expect(text).toMatch(/try again/);
  }
  expect(mute?.most()).toBe(32);
}, 120_000);
