import { createHash, randomBytes } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { freePort } from '../../kit/ports.ts';
import { runProcess, startProcess } from '../../kit/process.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { soon, until } from '../../kit/until.ts';
import { login, runSsh, sshEnv, startProxy, type TestProxy, type TestTarget, targetOf } from './proxy-kit.ts';

let sshd: Sshd;
let target: TestTarget;

beforeAll(async () => {
  sshd = await launchSshd();
  target = targetOf(sshd);
});
afterAll(async () => {
  await sshd.stop();
});

/** A server behind the target; gives its `host:port`. */
async function behind(serve: (socket: Socket) => void): Promise<{ pair: string; port: number; server: Server }> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { pair: `127.0.0.1:${String(port)}`, port, server };
}

/** Says hello first, then what it got in capitals, and after the other side's end how much it was. */
function polite(socket: Socket): void {
  let bytes = 0;
  const digest = createHash('sha256');
  socket.write('hello\n');
  socket.on('data', (data) => {
    bytes += data.length;
    digest.update(data);
  });
  socket.on('end', () => socket.end(`${String(bytes)} ${digest.digest('hex')}\n`));
}

function said(input: Uint8Array): string {
  return `hello\n${String(input.length)} ${createHash('sha256').update(input).digest('hex')}\n`;
}

test('ssh -W reaches a pair that is named: bytes, half-close, facts and counts', async () => {
  const { pair } = await behind(polite);
  const proxy = await startProxy({ target, channels: { forward: [pair] } });
  const input = randomBytes(3_000_000);
  const run = await runSsh(proxy, ['-W', pair], { input });
  expect(run.stdout).toBe(said(input));
  const [seen] = proxy.sessions;
  await until(() => seen!.closed.length === 1, { what: 'the end of the channel' });
  expect(seen!.opened).toEqual([{ channel: 0, kind: 'direct-tcpip', name: pair, pty: false, recordOffset: 0 }]);
  expect(seen!.closed).toEqual([
    { channel: 0, exitCode: null, signal: null, bytesReceived: input.length, bytesSent: run.stdout.length },
  ]);
  expect(seen!.refused).toEqual([]);
  // Named in the recording, its bytes are not.
  expect(seen!.records.map(({ kind }) => kind)).toEqual(['channel', 'channel']);
  expect(JSON.parse(String(Buffer.from(seen!.records[0]!.data)))).toMatchObject({ kind: 'direct-tcpip', name: pair });
  expect(seen!.received).toBe(input.length);
});

test('a pair that is not named is refused with what to do, and nothing connects', async () => {
  let reached = 0;
  const { pair, port } = await behind((socket) => {
    reached += 1;
    socket.end();
  });
  const near = [`localhost:${String(port)}`, `127.0.0.1:${String(port + 1)}`, `[::1]:${String(port)}`];
  const proxy = await startProxy({ target, channels: { forward: near } });
  const run = await runSsh(proxy, ['-W', pair]);
  expect(run.code).not.toBe(0);
  expect(run.stderr).toContain(`administratively prohibited: forwarding to ${pair} is not allowed in this session`);
  expect(run.stderr).toContain('channels.ssh.forward');
  expect(reached).toBe(0);
  await soon(() => {
    expect(proxy.sessions[0]!.refused).toEqual([{ kind: 'direct-tcpip', name: pair }]);
  });
  expect(proxy.sessions[0]!.opened).toEqual([]);
});

test('what can not be noted is not reached', async () => {
  let reached = 0;
  const { pair } = await behind((socket) => {
    reached += 1;
    socket.end('hello');
  });
  const beforeOpened = async (): Promise<void> => Promise.reject(new Error('disk full'));
  const proxy = await startProxy({ target, channels: { forward: [pair] }, beforeOpened });
  const run = await runSsh(proxy, ['-W', pair]);
  expect(run).toMatchObject({ stdout: '' });
  expect(run.stderr).toContain('connect failed');
  expect(reached).toBe(0);
});

test('a pair that does not answer is told in the words of the target, and noted as opened and closed', async () => {
  const pair = `127.0.0.1:${String(await freePort())}`;
  const proxy = await startProxy({ target, channels: { forward: [pair] } });
  const run = await runSsh(proxy, ['-W', pair]);
  expect(run.stderr).toContain(`connect failed: the target can't connect to ${pair}: Connection refused`);
  expect(proxy.sessions[0]!.opened).toHaveLength(1);
  await soon(() => {
    expect(proxy.sessions[0]!.closed).toMatchObject([{ channel: 0, bytesReceived: 0, bytesSent: 0 }]);
  });
});

/** Runs until the test ends; resolves when the local port takes connections. */
async function listening(proxy: TestProxy, args: readonly string[], local: number): Promise<void> {
  const child = startProcess('sshpass', ['-e', 'ssh', ...proxy.ssh, '-N', ...args, '127.0.0.1'], {
    env: sshEnv(proxy),
  });
  await until(async () => (await talk(local, Buffer.alloc(0))) !== null, { what: `the local port: ${child.stderr()}` });
}

/** What comes back for `input` and its end; null when nothing listens. */
async function talk(port: number, input: Uint8Array): Promise<string | null> {
  return await new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    let out = '';
    socket.on('data', (data: Buffer) => (out += String(data)));
    socket.once('error', () => resolve(null));
    socket.once('close', () => resolve(out));
    socket.once('end', () => socket.end());
    socket.once('connect', () => socket.end(input));
  });
}

test('ssh -L takes many connections at the same time', async () => {
  const { pair } = await behind(polite);
  const proxy = await startProxy({ target, channels: { forward: [pair.toUpperCase()] } });
  const local = await freePort();
  await listening(proxy, ['-L', `${String(local)}:${pair}`], local);
  const inputs = Array.from({ length: 20 }, (_, n) => randomBytes(1 + n * 40_000));
  const answers = await Promise.all(inputs.map(async (input) => talk(local, input)));
  expect(answers).toEqual(inputs.map(said));
  await until(() => proxy.sessions[0]!.closed.length === proxy.sessions[0]!.opened.length, { what: 'all ends' });
  const total = proxy.sessions[0]!.closed.reduce((sum, { bytesReceived }) => sum + (bytesReceived ?? 0), 0);
  expect(total).toBe(inputs.reduce((sum, { length }) => sum + length, 0));
});

test('ssh -J leads through the proxy to a named sshd, and not to another', async () => {
  const inner = `127.0.0.1:${String(sshd.port)}`;
  const proxy = await startProxy({ target, channels: { forward: [inner] } });
  const jump = async (port: number): ReturnType<typeof runProcess> => {
    const through = `sshpass -e ssh ${proxy.ssh.join(' ')} -W %h:%p 127.0.0.1`;
    const own = ['-F', 'none', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'];
    const words = [...own, '-o', `ProxyCommand=${through}`, '-p', String(port), '-l', sshd.username, '127.0.0.1'];
    // Two passwords: sshpass inside takes the token, the outer one the password.
    const env = { ...sshEnv(proxy), INNER: sshd.password };
    const shell = 'sshpass -d 3 "$@" 3<<<"$INNER"';
    return await runProcess('/bin/bash', ['-c', shell, '-', 'ssh', ...words, 'echo inside; exit 4'], { env });
  };
  expect(await jump(sshd.port)).toMatchObject({ code: 4, stdout: 'inside\n' });
  expect((await jump(sshd.port === 65_535 ? 1 : sshd.port + 1)).stderr).toContain('administratively prohibited');
});

test('ssh -D, by curl: the named pair answers, others do not', async () => {
  const page = await behind((socket) => {
    socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nfound\n'));
  });
  const proxy = await startProxy({ target, channels: { forward: [page.pair, `localhost:${String(page.port)}`] } });
  const local = await freePort();
  const child = startProcess('sshpass', ['-e', 'ssh', ...proxy.ssh, '-N', '-D', String(local), '127.0.0.1'], {
    env: sshEnv(proxy),
  });
  const curl = async (scheme: string, to: string): ReturnType<typeof runProcess> =>
    runProcess('curl', [
      '-s',
      '-m',
      '20',
      '--noproxy',
      '',
      '-x',
      `${scheme}://127.0.0.1:${String(local)}`,
      `http://${to}/`,
    ]);
  await until(async () => (await curl('socks5', page.pair)).stdout === 'found\n', {
    what: `an answer through SOCKS: ${child.stderr()}`,
  });
  // The name is for the target to look up.
  expect((await curl('socks5h', `localhost:${String(page.port)}`)).stdout).toBe('found\n');
  expect((await curl('socks5h', `127.0.0.1:${String(sshd.port)}`)).code).not.toBe(0);
  await soon(() => {
    expect(proxy.sessions[0]!.refused).toEqual([{ kind: 'direct-tcpip', name: `127.0.0.1:${String(sshd.port)}` }]);
  });
});

/** plink with the proxy's own host key and nothing else. */
async function plinkWords(proxy: TestProxy): Promise<{ words: string[]; env: NodeJS.ProcessEnv }> {
  const scanned = await runProcess('ssh-keyscan', ['-t', 'ed25519', '-p', String(proxy.port), '127.0.0.1']);
  const listed = await runProcess('ssh-keygen', ['-lf', '-'], { input: scanned.stdout });
  const fingerprint = /SHA256:\S+/.exec(listed.stdout)?.[0] ?? '';
  const where = ['-P', String(proxy.port), '-l', login, '-pw', proxy.token, '-hostkey', fingerprint];
  return { words: ['-batch', '-no-antispoof', ...where], env: { ...process.env, HOME: tempDir() } };
}

test('plink -nc and -L reach a named pair, and are told about another', async () => {
  const { pair } = await behind(polite);
  const proxy = await startProxy({ target, channels: { forward: [pair] } });
  const { words, env } = await plinkWords(proxy);
  const input = randomBytes(500_000);
  const run = await runProcess('plink', [...words, '-nc', pair, '127.0.0.1'], { env, input });
  expect(run.stdout).toBe(said(input));

  const local = await freePort();
  startProcess('plink', [...words, '-N', '-L', `${String(local)}:${pair}`, '127.0.0.1'], { env });
  await until(async () => (await talk(local, Buffer.from('x'))) === said(Buffer.from('x')), { what: 'plink -L' });

  const refused = await runProcess('plink', [...words, '-nc', '127.0.0.1:9', '127.0.0.1'], { env });
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('forwarding to 127.0.0.1:9 is not allowed in this session');
});

test('a reader that stalls pauses the sender behind the target', async () => {
  let sent = 0;
  const { pair } = await behind((socket) => {
    const piece = Buffer.alloc(64 * 1024);
    const push = (): void => {
      while (sent < 200 * 1024 * 1024 && socket.write(piece)) sent += piece.length;
    };
    socket.on('drain', push);
    push();
  });
  const proxy = await startProxy({ target, channels: { forward: [pair] } });
  const local = await freePort();
  const child = startProcess(
    'sshpass',
    ['-e', 'ssh', ...proxy.ssh, '-N', '-L', `${String(local)}:${pair}`, '127.0.0.1'],
    { env: sshEnv(proxy) },
  );
  const stalled = await until(
    async () =>
      await new Promise<Socket | false>((resolve) => {
        const socket = connect(local, '127.0.0.1', () => resolve(socket.pause()));
        socket.once('error', () => resolve(false));
      }),
    { what: `the local port: ${child.stderr()}` },
  );
  onTestFinished(() => void stalled.destroy());
  let last = -1;
  let same = 0;
  await until(
    () => {
      same = sent === last && sent > 0 ? same + 1 : 0;
      last = sent;
      return same > 15;
    },
    { what: 'the sender to pause' },
  );
  expect(sent).toBeLessThan(32 * 1024 * 1024);
  // Its going ends the connection behind the target too.
  stalled.destroy();
  await until(() => proxy.sessions[0]!.closed.length > 0, { what: 'the end of the channel' });
});

test('an end from outside cuts forwarded connections at once', async () => {
  let ended = false;
  const { pair } = await behind((socket) => {
    const tick = setInterval(() => socket.write('tick'), 10);
    for (const end of ['end', 'error', 'close']) socket.once(end, () => (ended = true));
    socket.once('close', () => clearInterval(tick));
  });
  const proxy = await startProxy({ target, channels: { forward: [pair] } });
  const child = startProcess('sshpass', ['-e', 'ssh', ...proxy.ssh, '-W', pair, '127.0.0.1'], {
    env: sshEnv(proxy),
    keepInput: true,
  });
  await until(() => child.stdout().includes('tick'), { what: 'bytes' });
  proxy.sessions[0]!.cut('token-revoked', 'the temporary token of this session was revoked');
  // Its exit code says whether it saw the end of its channel or of the connection first.
  await child.exited;
  await until(() => ended, { what: 'the end behind the target' });
});

test('with a recording that is synced first the same rule holds', async () => {
  const { pair } = await behind(polite);
  const proxy = await startProxy({ target, recording: 'strict', channels: { forward: [pair] } });
  expect((await runSsh(proxy, ['-W', pair], { input: 'x' })).stdout).toBe(said(Buffer.from('x')));
});
