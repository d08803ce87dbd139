import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { count } from '../kit/counts.ts';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { freePort } from '../kit/ports.ts';
import { runProcess, type Running, startProcess } from '../kit/process.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { showTerminal, terminal } from '../kit/terminal.ts';
import { soon, until } from '../kit/until.ts';
import { keyedResources, lockedKey } from './locked-key.ts';
import { logIn, type Person, type SeenEvent } from './person.ts';
import { type Finished, launchProduct, type Product, ssh, sshCommand, sshdResources } from './product.ts';

let product: Product;
let sshd: Sshd;
let admin: Person;
let secret: string;
/** Where the log ended before the test. */
let before: string | null;

beforeAll(async () => {
  [product, sshd] = await Promise.all([launchProduct(), launchSshd()]);
  admin = await logIn(product);
  const pem = await lockedKey(sshd, 'a passphrase');
  await admin.apply(`${sshdResources(sshd)}---${keyedResources(sshd, 'keyed', pem, 'a passphrase')}`);
  secret = (await admin.token()).secret;
}, 120_000);

beforeEach(async () => {
  before = await admin.head();
});

afterAll(async () => {
  await product.stop();
  await sshd.stop();
});

const box = async (args: readonly string[], input?: string | Uint8Array): Promise<Finished> =>
  ssh(product, 'admin~box', secret, args, input === undefined ? {} : { input });

/** OpenSSH with more options than a command; stopped when the test has ended. */
function client(
  sshOptions: readonly string[],
  args: readonly string[] = [],
  extra: Record<string, string> = {},
): Running {
  const { command, env } = sshCommand(product, 'admin~box', secret, sshOptions);
  return startProcess('sshpass', [...command, ...args], { env: { ...env, ...extra } });
}

/** The sessions that were opened since the test began. */
async function opened(): Promise<number> {
  return (await admin.events(before)).filter(({ type }) => type === 'SessionOpened').length;
}

describe('PuTTY', () => {
  const plink = async (settings: string, command: string): Promise<Awaited<ReturnType<typeof runProcess>>> => {
    const home = tempDir();
    mkdirSync(join(home, '.putty/sessions'), { recursive: true });
    writeFileSync(join(home, '.putty/sessions/own'), `Protocol=ssh\n${settings}\n`);
    const [key = ''] = readFileSync(join(product.dataFolder, 'ssh_host_keys.pub'), 'utf8').split('\n');
    const blob = Buffer.from(key.split(' ')[1] ?? '', 'base64');
    const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
    const where = ['-load', 'own', '-P', String(product.sshPort), '-l', 'admin~box', '-hostkey', fingerprint];
    const how = ['-v', '-batch', '-no-antispoof', '-pw', secret];
    return await runProcess('plink', [...where, ...how, '127.0.0.1', command], {
      env: { PATH: process.env.PATH, HOME: home },
    });
  };

  it.each([
    ['keyboard-interactive', 'AuthKI=1', 'keyboard-interactive authentication'],
    ['password', 'AuthKI=0', 'Sent password'],
  ])('logs in by %s and runs a command to its exit code', async (_method, settings, sign) => {
    const run = await plink(settings, 'echo out; echo err >&2; head -c 3000000 /dev/zero; exit 42');
    expect(run.stderr).toContain(sign);
    expect(run.stderr).toMatch(/^err$/m);
    expect(run.stdout.slice(0, 4)).toBe('out\n');
    expect(run.stdoutBytes).toHaveLength(3_000_004);
    expect(run.code).toBe(42);
  });
});

describe('OpenSSH', () => {
  it.each(['password', 'keyboard-interactive'])('logs in by %s', async (method) => {
    const run = client(['-o', `PreferredAuthentications=${method}`, '-v'], ['whoami']);
    expect((await run.exited).code).toBe(0);
    expect(run.stdout()).toBe(`${sshd.username}\n`);
    expect(run.stderr()).toContain(`using "${method}"`);
  });

  it('runs a script from standard input with -T', async () => {
    const script = 'echo one\nread line <<< two; echo $line\nprintf "\\x00\\xff\\x80"\nexit 9\n';
    const run = await ssh(product, 'admin~box', secret, [], { input: script, sshOptions: ['-T'] });
    expect(run.stdoutBytes).toEqual(Buffer.concat([Buffer.from('one\ntwo\n'), Buffer.of(0, 0xff, 0x80)]));
    expect(run.code).toBe(9);
  });

  it('keeps standard error apart', async () => {
    expect(await box(['echo out; echo err >&2'])).toMatchObject({ code: 0, stdout: 'out\n', stderr: 'err\n' });
  });

  it('ends with the exit code or by the signal of the command, and the audit has both', async () => {
    for (const code of [0, 1, 42, 255]) expect((await box([`exit ${String(code)}`])).code).toBe(code);
    const killed = client(['-v'], ['kill -TERM $$']);
    expect((await killed.exited).code).toBe(255);
    expect(killed.stderr()).toContain('exit-signal');
    await admin.event(before, 'the signal', ({ type, data }) => type === 'ChannelClosed' && data.signal === 'TERM');
    const closed = async (): Promise<readonly SeenEvent[]> => {
      const events = await admin.events(before);
      // A session of the test before may end only now.
      const own = events.filter(({ type }) => type === 'SessionOpened').map(({ stream }) => stream);
      return events.filter(({ type, stream }) => type === 'ChannelClosed' && own.includes(stream));
    };
    await until(async () => (await closed()).length === 5, { what: 'the ends of all five' });
    expect((await closed()).map(({ data }) => data.exitCode)).toEqual([0, 1, 42, 255, null]);
  });

  it('has a terminal of its size, and its changes of size', async () => {
    const { command, env } = sshCommand(product, 'admin~box', secret, ['-tt']);
    const run = startProcess('/usr/bin/python3', ['-c', terminal, 'sshpass', ...command, showTerminal], {
      env: { ...env, TERM: 'vt220' },
    });
    expect((await run.exited).code).toBe(0);
    expect(run.stdout()).toContain('33 101 vt220');
    expect(run.stdout()).toContain('erase = ^H');
    expect(run.stdout()).toContain('44 122');
    const { stream } = await admin.event(before, 'the session', ({ type }) => type === 'SessionOpened');
    const cast = (await product.cli(['recordings', 'export', stream, '--as', 'asciicast'])).stdout.split('\n');
    expect(JSON.parse(cast[0] ?? '')).toMatchObject({ version: 2, width: 101, height: 33 });
    expect(cast.some((line) => /^\[[\d.]+,\s*"r",\s*"122x44"\]$/.test(line))).toBe(true);
  });

  const mebibytes = count(8, 300);
  it(`carries ${String(mebibytes)} MiB of any bytes both ways at once`, async () => {
    const folder = tempDir();
    const { command, env } = sshCommand(product, 'admin~box', secret);
    const script = `set -o pipefail; head -c ${String(mebibytes)}M /dev/urandom > in; sshpass "$@" cat < in | cmp - in`;
    const run = await runProcess('bash', ['-c', script, 'bash', ...command], { cwd: folder, env });
    expect(run).toMatchObject({ code: 0, stdout: '', stderr: '' });
    const ended = await admin.event(before, 'the end', ({ type }) => type === 'SessionEnded');
    const bytes = mebibytes * 1024 * 1024;
    expect(ended.data).toMatchObject({ reason: 'closed-by-client', bytesReceived: bytes, bytesSent: bytes });
  });

  it('five channels over one connection are one session', async () => {
    const control = join(tempDir(), 'mux');
    const master = client(['-M', '-S', control, '-N']);
    const over = ['-S', control, '-o', 'ControlMaster=no'];
    await until(async () => (await client([...over, '-O', 'check']).exited).code === 0, { what: 'the connection' });
    const runs = [0, 1, 2, 3, 4].map((n) => client(over, [`head -c 100000 /dev/zero; exit ${String(n)}`]));
    expect(await Promise.all(runs.map(async ({ exited }) => (await exited).code))).toEqual([0, 1, 2, 3, 4]);
    expect(runs.map((run) => run.stdoutBytes().length)).toEqual(runs.map(() => 100_000));
    await client([...over, '-O', 'exit']).exited;
    await master.exited;
    const ended = await admin.event(before, 'the end', ({ type }) => type === 'SessionEnded');
    const inList = async () => (await product.json<{ id: string; endReason: string }[]>(['sessions', 'list'])).at(-1);
    await until(async () => (await inList())?.endReason === 'closed-by-client', { what: 'the end in the list' });
    expect(await inList()).toMatchObject({ id: ended.stream });
    expect(await opened()).toBe(1);
    const channels = (await admin.events(before)).filter(({ type }) => type === 'ChannelOpened');
    expect(channels.map(({ stream }) => stream)).toEqual(Array.from({ length: 5 }, () => ended.stream));
  });

  it('20 sessions at once on one token are byte-exact', async () => {
    const inputs = Array.from({ length: 20 }, () => randomBytes(200_000));
    const runs = await Promise.all(inputs.map(async (input) => box(['cat'], input)));
    expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual(inputs.map(() => [0, '']));
    expect(runs.every((run, index) => run.stdoutBytes.equals(inputs[index] ?? Buffer.alloc(0)))).toBe(true);
    expect(await opened()).toBe(20);
  });

  it('reaches a target whose account has a key with a passphrase', async () => {
    const run = await ssh(product, 'admin~keyed', secret, ['whoami']);
    expect(run).toMatchObject({ code: 0, stdout: `${sshd.username}\n`, stderr: '' });
    await soon(() => expect(sshd.log()).toContain(`Accepted publickey for ${sshd.username}`));
  });
});

it('a client that leaves while its target is being opened leaves no connection to the target behind', async () => {
  const gate = Promise.withResolvers<undefined>();
  const port = await freePort();
  const legs: Socket[] = [];
  const server = createServer((leg) => {
    legs.push(leg);
    void gate.promise.then(() => {
      const target = connect(sshd.port, sshd.host);
      leg.pipe(target).pipe(leg);
      for (const each of [leg, target]) each.on('error', () => undefined);
    });
  }).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  await admin.apply(sshdResources({ ...sshd, port }, 'gated'));
  const { command, env } = sshCommand(product, 'admin~gated', secret);
  const run = startProcess('sshpass', [...command, 'true'], { env });
  await until(() => legs.length === 1, { what: 'the connection to the target' });
  await run.stop();
  await admin.event(before, 'the end of the session', ({ type }) => type === 'SessionEnded');
  gate.resolve(undefined);
  await until(() => legs[0]?.closed, { what: 'the end of the connection to the target' });
});

it('scp carries a file over SFTP, and the log has its SHA-256', async () => {
  const { command, env } = sshCommand(product, 'admin~box', secret);
  const file = join(tempDir(), 'a file');
  writeFileSync(file, 'contents');
  const words = command.slice(2, -5).concat('-P', String(product.sshPort), file, 'admin~box@127.0.0.1:carried');
  const run = await runProcess('sshpass', ['-e', 'scp', ...words], { env });
  expect(run).toMatchObject({ code: 0, stderr: '' });
  const { data } = await admin.event(before, 'the transfer', ({ type }) => type === 'FileTransferred');
  expect(data).toMatchObject({
    protocol: 'sftp',
    direction: 'upload',
    path: 'carried',
    outcome: 'whole',
    bytes: 8,
    sha256: createHash('sha256').update('contents').digest('hex'),
  });
  expect(readFileSync(`${sshd.home}/carried`, 'utf8')).toBe('contents');
});

describe('what this version does not grant is refused, said and audited', () => {
  const noted = async (kind: string, name: string): Promise<void> => {
    await admin.event(before, `the refusal of ${kind}`, ({ type, data }) => {
      return type === 'ChannelRefused' && data.kind === kind && data.name === name;
    });
  };

  it('-s', async () => {
    const run = client(['-s'], ['netconf']);
    expect((await run.exited).code).not.toBe(0);
    expect(run.stderr()).toContain('no subsystem but sftp is allowed in this session');
    await noted('subsystem', 'netconf');
  });

  /** Asks the client's local port for a way into the target's network; resolves when the client has closed it. */
  const knock = async (port: number, greeting: Uint8Array): Promise<boolean> =>
    await new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(greeting));
      socket.once('error', () => resolve(false));
      socket.once('close', () => resolve(true));
      socket.resume();
    });

  it.each([
    ['-L', (local: number, port: number) => `${String(local)}:127.0.0.1:${String(port)}`, () => Buffer.alloc(0)],
    // SOCKS 4: connect to 127.0.0.1 at that port, as nobody.
    ['-D', (local: number) => String(local), (port: number) => Buffer.of(4, 1, port >> 8, port & 255, 127, 0, 0, 1, 0)],
  ])('%s', async (option, words, greeting) => {
    const local = await freePort();
    const run = client(['-N', option, words(local, sshd.port)]);
    await until(() => knock(local, greeting(sshd.port)), { what: 'the forwarded port' });
    await until(() => /forwarding to \S+ is not allowed in this session/.test(run.stderr()), { what: 'the message' });
    await noted('direct-tcpip', `127.0.0.1:${String(sshd.port)}`);
  });

  it('-R', async () => {
    const run = client(['-R', `${String(await freePort())}:127.0.0.1:1`], ['echo in']);
    expect((await run.exited).code).toBe(0);
    expect(run.stderr()).toContain('remote port forwarding failed');
    await noted('forwarded-tcpip', 'tcpip-forward');
  });

  it('-A', async () => {
    const socket = join(tempDir(), 'agent');
    const agent = startProcess('ssh-agent', ['-D', '-a', socket]);
    await until(() => agent.stdout().includes('SSH_AUTH_SOCK'), { what: 'the agent' });
    const run = client(['-A'], ['echo "agent: $SSH_AUTH_SOCK"'], { SSH_AUTH_SOCK: socket });
    expect((await run.exited).code).toBe(0);
    expect(run.stdout()).toBe('agent: \n');
    await noted('agent', 'auth-agent-req@openssh.com');
  });

  it('-X', async () => {
    const run = client(['-X', '-o', 'ForwardX11Trusted=yes'], ['echo "display: $DISPLAY"'], {
      DISPLAY: '127.0.0.1:99',
    });
    expect((await run.exited).code).toBe(0);
    expect(run.stdout()).toBe('display: \n');
    expect(run.stderr()).toContain('X11 forwarding request failed');
    await noted('x11', 'x11-req');
  });
});
