import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { type Running, startProcess } from '../kit/process.ts';
import { until } from '../kit/until.ts';
import { launchProduct, type Product, ssh, sshCommand, sshdResources, type Token } from './product.ts';

interface Session {
  readonly id: string;
  readonly target: string;
  readonly endedAt: string | null;
  readonly endReason: string | null;
}

let product: Product;
let sshd: Sshd;
let token: Token;

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct({ env: { SALLYPORT_DRAIN: '1s' } }), launchSshd()]);
  const alice =
    'apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {password: alice is a fine person}\n---';
  await product.cli(['apply', '-f', '-'], { input: `${alice}${sshdResources(sshd)}` });
  token = await product.json<Token>(['token', 'create']);
}, 120_000);

afterAll(async () => {
  await product.stop();
  await sshd.stop();
});

/** A session that stays open: its shell says `up` and waits for input. */
async function openSession(
  secret = token.secret,
  user = 'admin',
): Promise<{ readonly client: Running; readonly id: string }> {
  const known = new Set((await product.json<Session[]>(['sessions', 'list'])).map(({ id }) => id));
  const { command, env } = sshCommand(product, `${user}~box`, secret);
  const client = startProcess('sshpass', [...command, 'echo up; cat'], { env, keepInput: true });
  await client.line(/^up$/);
  const session = await until(
    async () => (await product.json<Session[]>(['sessions', 'list'])).find(({ id }) => !known.has(id)),
    { what: 'the session in the list' },
  );
  return { client, id: session.id };
}

async function endOf(id: string): Promise<Session> {
  return until(
    async () =>
      (await product.json<Session[]>(['sessions', 'list'])).find(
        (session) => session.id === id && session.endedAt !== null,
      ),
    { what: 'the end of the session in the list' },
  );
}

async function apply(text: string): Promise<void> {
  await product.cli(['apply', '-f', '-'], { input: text });
}

const entitlement = (spec: string): string =>
  `apiVersion: sallyport/v1\nkind: Entitlement\nmetadata: {name: box}\nspec: {access: {targets: [box]}, recording: required${spec}}\n`;

it('a client that is gone leaves a channel that is closed in the log, with its bytes, before the session ends', async () => {
  const { client, id } = await openSession();
  client.child.kill('SIGKILL');
  await client.exited;
  await endOf(id);
  const { stdout } = await product.cli(['audit', 'events', '--session', id, '--format', 'json']);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; stream: string; data: Record<string, unknown> });
  const types = events.filter(({ stream }) => stream === id).map(({ type }) => type);
  expect(types.filter((type) => type !== 'RecordingChunkSealed').slice(-2)).toEqual(['ChannelClosed', 'SessionEnded']);
  expect(events.find(({ type }) => type === 'ChannelClosed')?.data).toMatchObject({ bytesSent: 'up\n'.length });
});

describe('what ends a live session', () => {
  it('is the revocation of its token, at once and with a message, and new logins stop', async () => {
    const own = await product.json<Token>(['token', 'create']);
    const { client, id } = await openSession(own.secret);
    await product.cli(['token', 'revoke', own.id]);
    const revokedAt = Date.now();
    await client.exited;
    // By looking alone it would take up to ten seconds.
    expect(Date.now() - revokedAt).toBeLessThan(9_000);
    expect(client.stderr()).toContain('token of this session was revoked');
    expect(await endOf(id)).toMatchObject({ endReason: 'token-revoked' });
    const again = await ssh(product, 'admin~box', own.secret, ['true']);
    expect(again.code).not.toBe(0);
  });

  it('is its owner, with a word that the person sees', async () => {
    const { client, id } = await openSession();
    await product.cli(['sessions', 'kill', id, '--message', 'maintenance at noon']);
    await client.exited;
    expect(client.stderr()).toContain('maintenance at noon');
    expect(await endOf(id)).toMatchObject({ endReason: 'owner' });
  });

  it('is the loss of the entitlement', async () => {
    const { client, id } = await openSession();
    await apply(entitlement(', disabled: true'));
    await client.exited;
    expect(client.stderr()).toContain('no longer entitled');
    expect(await endOf(id)).toMatchObject({ endReason: 'entitlement-lost' });
    await apply(entitlement(''));
  });

  it('is less that the entitlement gives, and the next session gets what is left', async () => {
    const { client, id } = await openSession();
    const channels = '{targets: [box], channels: {ssh: {shell: false, files: none}}}';
    await apply(entitlement('').replace('{targets: [box]}', channels));
    await client.exited;
    expect(client.stderr()).toContain('what you may do in this session was changed; connect again');
    expect(await endOf(id)).toMatchObject({ endReason: 'entitlement-lost' });
    const wider = await openSession();
    await apply(entitlement(''));
    wider.client.child.stdin?.write('still here\n');
    await wider.client.line(/^still here$/);
    wider.client.child.stdin?.end();
    expect((await wider.client.exited).code).toBe(0);
  });

  it('is the suspension of the person, whose tokens end too', async () => {
    const alice = { user: 'alice', password: 'alice is a fine person' };
    const own = await product.json<Token>(['token', 'create'], alice);
    const { client, id } = await openSession(own.secret, 'alice');
    const user = (spec: string): string =>
      `apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {${spec}}\n`;
    await apply(user('disabled: true'));
    await client.exited;
    expect(client.stderr()).toContain('account was disabled');
    expect(await endOf(id)).toMatchObject({ endReason: 'user-disabled' });
    await apply(user('disabled: false'));
    const again = await ssh(product, 'alice~box', own.secret, ['true']);
    expect(again.code, 'a token of before the suspension stays revoked').not.toBe(0);
  });

  it('is the longest duration that the entitlement allows', async () => {
    await apply(entitlement(', maxSession: 3s'));
    onTestFinished(() => apply(entitlement('')));
    const { client, id } = await openSession();
    await client.exited;
    expect(client.stderr()).toContain('longest duration');
    expect(await endOf(id)).toMatchObject({ endReason: 'max-session' });
  });
});

describe('a live session', () => {
  it('can be followed until it ends', async () => {
    const { client, id } = await openSession();
    const { command, args, env } = product.cliCommand(['sessions', 'play', id, '--follow']);
    const follower = startProcess(command, args, { env });
    await follower.line(/up/);
    client.child.stdin?.write('typed while somebody watches\n');
    await follower.line(/typed while somebody watches/);
    client.child.stdin?.end();
    await client.exited;
    expect((await follower.exited).code).toBe(0);
  });
});

describe('the process', () => {
  it('that is killed leaves a whole log, and the next start closes what it left open', async () => {
    const { client, id } = await openSession();
    await product.kill();
    await client.exited;
    await product.restart();
    expect(await endOf(id)).toMatchObject({ endReason: 'node-lost', bytesReceived: null, bytesSent: null });
    expect((await product.cli(['audit', 'verify'])).stdout).toMatch(/^ok:/);
    const replay = await product.cli(['sessions', 'play', id, '--speed', '0']);
    expect(replay.stdout).toContain('up');
    const run = await ssh(product, 'admin~box', token.secret, ['echo', 'as before']);
    expect(run.stdout, 'the token outlives the crash').toBe('as before\n');
  }, 120_000);

  it('that is asked to stop tells the people and logs the ends', async () => {
    const { client, id } = await openSession();
    const exit = await product.running().stop('SIGTERM');
    expect(exit.code).toBe(0);
    await client.exited;
    expect(client.stderr()).toContain('shutting down');
    await product.restart();
    expect(await endOf(id)).toMatchObject({ endReason: 'shutdown' });
  }, 120_000);
});
