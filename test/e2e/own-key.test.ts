import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { type Exit, runProcess, startProcess } from '../kit/process.ts';
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
  const words = ['-q', '-N', '', '-C', 'ann@laptop', '-f', file, ...args];
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
    const { id } = await product.json<Key>(['key', 'add', '--file', '-'], {
      input: readFileSync(`${file}.pub`, 'utf8'),
    });
    expect(await no(['--file', `${file}.pub`])).toContain(`sallyport key revoke ${id}`);
    await product.cli(['key', 'revoke', id]);
  });
});
