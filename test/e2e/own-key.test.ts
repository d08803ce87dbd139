import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { type Exit, runProcess, startProcess } from '../kit/process.ts';
import { startTerminal } from '../kit/pty.ts';
import { logIn, type Person } from './person.ts';
import { launchProduct, type Product, ssh, sshdResources } from './product.ts';

interface Key {
  readonly id: string;
  readonly fingerprint: string;
  readonly algorithm: string;
  readonly comment: string;
  readonly expiresAt: string;
}

let product: Product;
let sshd: Sshd;
let admin: Person;
let home: string;

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct(), launchSshd()]);
  await product.cli(['apply', '-f', '-'], { input: sshdResources(sshd) });
  admin = await logIn(product);
  home = join(product.dataFolder, '..');
}, 120_000);

afterAll(async () => {
  await product.stop();
  await sshd.stop();
});

beforeEach(() => {
  rmSync(join(home, '.ssh'), { recursive: true, force: true });
  mkdirSync(join(home, '.ssh'), { mode: 0o700 });
});

async function makeKey(name = 'id_ed25519', args: readonly string[] = ['-t', 'ed25519']): Promise<string> {
  const file = join(home, '.ssh', name);
  const words = ['-q', ...(args.includes('-N') ? [] : ['-N', '']), '-C', 'ann@laptop', '-f', file, ...args];
  expect(await runProcess('ssh-keygen', words)).toMatchObject({ code: 0 });
  return file;
}

/** The words of an ssh that can't ask anybody anything. */
function byKey(file: string, login = 'admin~box'): string[] {
  const known = ['UserKnownHostsFile=/dev/null', 'StrictHostKeyChecking=no', 'LogLevel=ERROR'];
  const alone = ['BatchMode=yes', 'IdentitiesOnly=yes', 'PasswordAuthentication=no'];
  const options = [...known, ...alone].flatMap((option) => ['-o', option]);
  return ['-F', 'none', ...options, '-i', file, '-p', String(product.sshPort), `${login}@127.0.0.1`];
}

function run(
  file: string,
  ...command: readonly string[]
): Promise<Exit & { readonly stdout: string; readonly stderr: string }> {
  return runProcess('ssh', [...byKey(file), ...command], { env: { PATH: process.env.PATH, HOME: home } });
}

describe('a person’s own key', () => {
  it('is a pass from `key add` to `key revoke`, which ends its sessions at once and with a message', async () => {
    const file = await makeKey();
    expect((await run(file, 'true')).code).toBe(255);

    const added = await product.cli(['key', 'add', '--ttl', '1h', '--format', 'json']);
    const key = JSON.parse(added.stdout) as Key;
    const listed = await runProcess('ssh-keygen', ['-lf', `${file}.pub`]);
    expect(key).toEqual({
      id: expect.stringMatching(/^key-[0-9a-f-]{36}$/) as string,
      fingerprint: listed.stdout.split(' ')[1],
      algorithm: 'ssh-ed25519',
      comment: 'ann@laptop',
      expiresAt: expect.stringMatching(/Z$/) as string,
    });
    expect(Date.parse(key.expiresAt) - Date.now()).toBeLessThanOrEqual(3_600_000);
    expect(added.stderr).toContain(`ssh -i ${file} -p ${String(product.sshPort)} admin~TARGET@localhost`);
    expect(await product.json<Key[]>(['key', 'list'])).toEqual([key]);
    expect((await product.cli(['key', 'list'])).stdout).toContain(key.fingerprint);
    expect(await product.json(['token', 'list'])).toEqual([]);

    expect(await run(file, 'whoami')).toMatchObject({ code: 0, stdout: `${sshd.username}\n`, stderr: '' });
    const before = await admin.head();
    const client = startProcess('ssh', [...byKey(file), 'echo up; cat'], {
      env: { PATH: process.env.PATH, HOME: home },
      keepInput: true,
    });
    await client.line(/^up$/);
    await product.cli(['key', 'revoke', key.id]);
    await client.exited;
    expect(client.stderr()).toContain('the public key of this session was revoked');
    await admin.event(
      before,
      'the end of the session by the revocation',
      ({ type, data }) => type === 'SessionEnded' && data.reason === 'key-revoked',
    );
    expect((await run(file, 'true')).code).toBe(255);
    expect(await product.json(['key', 'list'])).toEqual([]);
  });

  it('opens nothing for anybody else, is noted when it is tried, and leaves the password to be used', async () => {
    const file = await makeKey();
    await product.cli(['apply', '-f', '-'], {
      input: 'apiVersion: sallyport/v1\nkind: User\nmetadata: {name: bob}\nspec: {password: another long password}\n',
    });
    const { id } = await product.json<Key>(['key', 'add']);
    const before = await admin.head();
    const foreign = await runProcess('ssh', [...byKey(file, 'bob~box'), 'true'], {
      env: { PATH: process.env.PATH, HOME: home },
    });
    expect(foreign.code).toBe(255);
    const event = await admin.event(before, 'the refusal', ({ type }) => type === 'PassRefused');
    expect(event.data).toMatchObject({ reason: 'no-match', door: 'ssh' });
    const bob = { user: 'bob', password: 'another long password' };
    expect((await product.cli(['key', 'add'], { ...bob, code: 1 })).stderr).toContain('somebody else');
    expect((await product.cli(['key', 'revoke', id], { ...bob, code: 1 })).stderr).toContain('there is no key');
    const { secret } = await admin.token();
    expect(await ssh(product, 'admin~box', secret, ['whoami'])).toMatchObject({
      code: 0,
      stdout: `${sshd.username}\n`,
    });
    await product.cli(['key', 'revoke', id]);
  });

  it('ends by itself when its time is up, and its sessions with it', async () => {
    const file = await makeKey();
    await product.cli(['key', 'add', '--ttl', '15s']);
    const client = startProcess('ssh', [...byKey(file), 'echo up; cat'], {
      env: { PATH: process.env.PATH, HOME: home },
      keepInput: true,
    });
    await client.line(/^up$/);
    await client.exited;
    expect(client.stderr()).toContain('has expired');
    expect((await run(file, 'true')).code).toBe(255);
    expect(await product.json(['key', 'list'])).toEqual([]);
  });

  it('needs its private half: in an agent or beside it, else nothing is registered', async () => {
    const file = await makeKey();
    const line = readFileSync(`${file}.pub`, 'utf8');
    const before = await admin.head();
    const no = async (args: readonly string[], input?: string): Promise<string> =>
      (await product.cli(['key', 'add', ...args], { code: 1, ...(input === undefined ? {} : { input }) })).stderr;
    expect(await no(['--file', '-'], line)).toContain('it has to be in an agent');

    const agent = join(home, 'agent');
    const running = startProcess('ssh-agent', ['-D', '-a', agent]);
    await running.line(/SSH_AUTH_SOCK/);
    const withAgent = { env: { PATH: process.env.PATH, HOME: home, SSH_AUTH_SOCK: agent } };
    expect(await runProcess('ssh-add', ['-q', file], withAgent)).toMatchObject({ code: 0 });
    rmSync(file);
    expect(await no(['--file', `${file}.pub`])).toContain(`beside ${file}.pub`);

    const { command, args, env } = product.cliCommand(['key', 'add', '--file', '-', '--format', 'json']);
    const added = await runProcess(command, args, { input: line, env: { ...env, SSH_AUTH_SOCK: agent } });
    expect(added).toMatchObject({ code: 0 });
    const { id } = JSON.parse(added.stdout) as Key;
    const client = await runProcess('ssh', [...byKey(`${file}.pub`), 'whoami'], withAgent);
    expect(client).toMatchObject({ code: 0, stdout: `${sshd.username}\n` });
    await product.cli(['key', 'revoke', id]);
    const made = (await admin.events(before)).filter(({ type }) => type === 'PublicKeyRegistered');
    expect(made.map(({ stream }) => stream)).toEqual([id]);
    await running.stop();
  });

  it('asks for its passphrase at the terminal, and a wrong one registers nothing', async () => {
    const file = await makeKey('id_ed25519', ['-t', 'ed25519', '-N', 'pass of the key']);
    const { command, args, env } = product.cliCommand(['key', 'add']);
    const terminal = startTerminal(command, args, { columns: 200, rows: 20, env });
    await terminal.shows('Enter passphrase');
    terminal.type('pass of the key\r');
    await terminal.exited;
    expect(terminal.output()).toContain('is a pass until');
    expect(terminal.output()).not.toContain('pass of the key');
    expect((await product.json<Key[]>(['key', 'list'])).map(({ comment }) => comment)).toEqual(['ann@laptop']);
    const [{ id }] = await product.json<readonly [Key]>(['key', 'list']);
    await product.cli(['key', 'revoke', id]);

    const wrong = startTerminal(command, args, { columns: 200, rows: 20, env });
    await wrong.shows('Enter passphrase');
    wrong.type('another\r');
    expect(await wrong.exited).toMatchObject({ code: 1 });
    expect(wrong.output()).toContain('its passphrase the right one');
    expect(wrong.output()).toContain(file);
    expect(await product.json(['key', 'list'])).toEqual([]);
  });

  it('is signed for by hand over HTTP, and a made-up signature is refused and noted', async () => {
    const file = await makeKey();
    const publicKey = readFileSync(`${file}.pub`, 'utf8');
    const before = await admin.head();
    const asked = await admin.graphql<{ challengePublicKey: { challenge: { text: string; namespace: string } } }>(
      'mutation ($input: ChallengePublicKeyInput!) { challengePublicKey(input: $input) { challenge { text namespace } } }',
      { input: { publicKey } },
    );
    const { text, namespace } = asked.challengePublicKey.challenge;
    const signed = await runProcess('ssh-keygen', ['-Y', 'sign', '-n', namespace, '-f', file], { input: text });
    const elsewhere = await runProcess('ssh-keygen', ['-Y', 'sign', '-n', 'file', '-f', file], { input: text });
    const register = async (signature: string | undefined): Promise<unknown> =>
      (
        await admin.graphql<{ registerPublicKey: unknown }>(
          `mutation ($input: RegisterPublicKeyInput!) { registerPublicKey(input: $input) {
            key { algorithm } errors { code } } }`,
          { input: { publicKey, challenge: text, signature, ttlSeconds: 60 } },
        )
      ).registerPublicKey;
    expect(await register(undefined)).toEqual({ key: null, errors: [{ code: 'proof-needed' }] });
    expect(await register(elsewhere.stdout)).toEqual({ key: null, errors: [{ code: 'bad-signature' }] });
    expect(await register(signed.stdout)).toEqual({ key: { algorithm: 'ssh-ed25519' }, errors: [] });
    expect(await register(signed.stdout)).toEqual({ key: null, errors: [{ code: 'stale-challenge' }] });
    const noted = (await admin.events(before)).filter(({ type }) => type === 'KeyProofRefused');
    expect(noted.map(({ data }) => data.reason)).toEqual(['missing', 'bad-signature', 'used-challenge']);
    for (const { id } of await product.json<Key[]>(['key', 'list'])) await product.cli(['key', 'revoke', id]);
  });

  it('says what is missing where there is no ssh-keygen', async () => {
    await makeKey();
    const { command, args, env } = product.cliCommand(['key', 'add']);
    const ended = await runProcess(command, args, { env: { ...env, PATH: home } });
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toContain('Debian: openssh-client');
  });

  it('is told from what is none, with a word on what to do', async () => {
    const no = async (args: readonly string[], input?: string): Promise<string> => {
      const ended = await product.cli(['key', 'add', ...args], { code: 1, ...(input === undefined ? {} : { input }) });
      expect(ended.stdout).toBe('');
      return ended.stderr;
    };
    expect(await no([])).toContain('ssh-keygen -t ed25519');
    expect(await no(['--file', join(home, 'nowhere.pub')])).toContain('cannot read');
    const file = await makeKey();
    expect(await no(['--file', file])).toContain(`add ${file}.pub instead`);
    expect(await no(['--file', '-'], 'ssh-dss AAAAB3NzaC1kc3MAAACBAP1')).toContain('DSA');
    expect(await no(['--ttl', '9h'])).toContain('8 hours at most, not 9 h');
    const second = await makeKey('id_rsa', ['-t', 'rsa', '-b', '1024']);
    expect(await no([])).toContain(`sallyport key add --file ${second}.pub`);
    expect(await no(['--file', `${second}.pub`])).toContain('1024 bits');
    const { id } = await product.json<Key>(['key', 'add', '--file', `${file}.pub`]);
    expect(await no(['--file', `${file}.pub`])).toContain(`sallyport key revoke ${id}`);
    await product.cli(['key', 'revoke', id]);
  });
});
