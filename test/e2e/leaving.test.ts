import { Attribute, Change } from 'ldapts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { type Running, startProcess } from '../kit/process.ts';
import { activeDirectorySpec, providerDocument } from '../kit/provider-specs.ts';
import { launchSambaAd, type SambaAd } from '../kit/samba-ad.ts';
import { logIn, type Person } from './person.ts';
import { launchProduct, type Product, ssh, sshCommand, sshdResources, type Token } from './product.ts';

const password = 'Right-Passw0rd!';
let ad: SambaAd;
let sshd: Sshd;
let product: Product;
let admin: Person;
const dn: Record<string, string> = {};

beforeAll(async () => {
  [ad, sshd, product] = await Promise.all([
    launchSambaAd(),
    launchSshd(),
    launchProduct({ env: { SALLYPORT_SYNC_EVERY: '10s' } }),
  ]);
  for (const name of ['alice', 'berta', 'carla', 'dora']) dn[name] = await ad.addUser(name, password);
  await ad.addGroup('crew', Object.values(dn));
  const corp = providerDocument('corp', activeDirectorySpec(ad));
  const ofTheCrew = sshdResources(sshd).replace('assign: "true"', `assign: '"crew" in claims.user.groups'`);
  await product.cli(['apply', '-f', '-'], { input: `${corp}---\n${ofTheCrew}` });
  admin = await logIn(product);
}, 240_000);

afterAll(async () => {
  await product?.stop();
  await sshd?.stop();
  await ad?.stop();
});

interface Inside {
  readonly client: Running;
  readonly token: Token;
  readonly sessionId: string;
  /** Where the log was when the session was open. */
  readonly position: string | null;
}

/** Somebody of the directory logs in, makes a token and opens a session on the real sshd through the proxy. */
async function inside(name: string): Promise<Inside> {
  const before = await admin.head();
  const token = await product.json<Token>(['token', 'create'], { user: name, password });
  const { command, env } = sshCommand(product, `${name}~box`, token.secret);
  const client = startProcess('sshpass', [...command, 'echo up; cat'], { env, keepInput: true });
  await client.line(/^up$/);
  const opened = await admin.event(before, 'the session', ({ type }) => type === 'SessionOpened');
  return { client, token, sessionId: opened.stream, position: opened.position };
}

async function disable(name: string): Promise<void> {
  const modification = new Attribute({ type: 'userAccountControl', values: ['514'] });
  await ad.asAdmin(async (link) => {
    await link.modify(dn[name] ?? '', new Change({ operation: 'replace', modification }));
  });
}

async function remove(name: string): Promise<void> {
  await ad.asAdmin(async (link) => {
    await link.del(dn[name] ?? '');
  });
}

async function leaveCrew(name: string): Promise<void> {
  const modification = new Attribute({ type: 'member', values: [dn[name] ?? ''] });
  await ad.asAdmin(async (link) => {
    await link.modify(`CN=crew,CN=Users,${ad.base}`, new Change({ operation: 'delete', modification }));
  });
}

it('an account that is disabled in Active Directory ends the open session with the next sync, and all that rested on it', async () => {
  const { client, token, sessionId, position } = await inside('alice');
  const stillLoggedIn = await logIn(product, 'alice', password);
  await disable('alice');
  await client.exited;
  expect(client.stderr()).toContain('you are no longer active at your identity provider');
  const ended = await admin.event(
    position,
    'the end',
    ({ type, stream }) => type === 'SessionEnded' && stream === sessionId,
  );
  expect(ended.data).toMatchObject({ reason: 'identity-left', how: 'sync' });
  const seen = await admin.event(position, 'the report', ({ type }) => type === 'IdentityObserved');
  expect(seen.data).toMatchObject({ standing: 'disabled', by: 'sync' });
  const revoked = await admin.event(position, 'the revocation', ({ stream }) => stream === token.id);
  expect(revoked).toMatchObject({ type: 'TemporaryTokenRevoked', data: { reason: 'identity-left', how: 'sync' } });
  const closed = await admin.event(position, 'the end of the login', ({ type }) => type === 'LoginClosed');
  expect(closed.data).toEqual({ reason: 'identity-left', how: 'sync' });
  await expect(stillLoggedIn.token()).rejects.toThrow(/Log in first/);
  expect((await ssh(product, 'alice~box', token.secret, ['true'])).code).not.toBe(0);
  await product.cli(['token', 'create'], { user: 'alice', password, code: 1 });
}, 120_000);

it('an account that is deleted in Active Directory ends the open session with the next sync', async () => {
  const { client, token, sessionId, position } = await inside('dora');
  await remove('dora');
  await client.exited;
  expect(client.stderr()).toContain('you are no longer active at your identity provider');
  const seen = await admin.event(position, 'the report', ({ type }) => type === 'IdentityObserved');
  expect(seen.data).toMatchObject({ standing: 'gone', by: 'sync' });
  const ended = await admin.event(
    position,
    'the end',
    ({ type, stream }) => type === 'SessionEnded' && stream === sessionId,
  );
  expect(ended.data).toMatchObject({ reason: 'identity-left', how: 'sync' });
  const revoked = await admin.event(position, 'the revocation', ({ stream }) => stream === token.id);
  expect(revoked).toMatchObject({ type: 'TemporaryTokenRevoked', data: { reason: 'identity-left', how: 'sync' } });
  expect((await ssh(product, 'dora~box', token.secret, ['true'])).code).not.toBe(0);
  await product.cli(['token', 'create'], { user: 'dora', password, code: 1 });
}, 120_000);

it('a group that is removed in Active Directory ends the open session with the next sync, and the person stays who they are', async () => {
  const { client, token, sessionId, position } = await inside('berta');
  const other = await inside('carla');
  await leaveCrew('berta');
  await client.exited;
  expect(client.stderr()).toContain('no longer entitled');
  const ended = await admin.event(
    position,
    'the end',
    ({ type, stream }) => type === 'SessionEnded' && stream === sessionId,
  );
  expect(ended.data).toMatchObject({ reason: 'entitlement-lost', how: 'sync' });
  expect((await ssh(product, 'berta~box', token.secret, ['true'])).code).not.toBe(0);
  await product.cli(['status'], { user: 'berta', password });
  // Who is in the group still works on.
  other.client.child.stdin?.write('still here\n');
  await other.client.line(/^still here$/);
  other.client.child.stdin?.end();
  expect((await other.client.exited).code).toBe(0);
}, 120_000);

it('a domain controller that is away ends nothing, and nobody gets in past it', async () => {
  const { client, position } = await inside('carla');
  await ad.stop();
  await admin.event(position, 'that it cannot be asked', ({ type }) => type === 'DirectorySyncStalled');
  client.child.stdin?.write('still here\n');
  await client.line(/^still here$/);
  await product.cli(['token', 'create'], { user: 'carla', password, code: 1 });
  client.child.stdin?.end();
  expect((await client.exited).code).toBe(0);
}, 120_000);
