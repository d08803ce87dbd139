import { createHash, randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { count } from '../../kit/counts.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { startProcess } from '../../kit/process.ts';
import { showTerminal, terminal } from '../../kit/terminal.ts';
import { soon, until } from '../../kit/until.ts';
import { runSsh, sshEnv, startProxy, type TestProxy, type TestTarget, targetOf } from './proxy-kit.ts';

let sshd: Sshd;
let target: TestTarget;

beforeAll(async () => {
  sshd = await launchSshd();
  target = targetOf(sshd);
});
afterAll(async () => {
  await sshd.stop();
});

const mebibytes = count(30, 300);

test(`${String(mebibytes)} MiB out are byte-exact, and all of them are in the record first`, async () => {
  const proxy = await startProxy({ target });
  const run = await runSsh(proxy, [
    `head -c ${String(mebibytes)}M /dev/urandom | tee >(sha256sum | cut -c1-64 >&2); sleep 0.2`,
  ]);
  const seen = proxy.sessions[0]!;
  const recorded = (of: string): Buffer =>
    Buffer.concat(seen.records.filter(({ kind }) => kind === of).map(({ data }) => Buffer.from(data)));
  expect(run.code).toBe(0);
  expect(run.stdoutBytes.length).toBe(mebibytes * 1024 * 1024);
  expect(run.stderr.trim()).toBe(createHash('sha256').update(run.stdoutBytes).digest('hex'));
  expect(recorded('output').equals(run.stdoutBytes)).toBe(true);
  expect(recorded('stderr').toString()).toBe(run.stderr);
  expect(seen.sent).toBe(run.stdoutBytes.length + run.stderr.length);
});

test(`${String(mebibytes)} MiB in are byte-exact, and half-close ends the input`, async () => {
  const proxy = await startProxy({ target });
  const file = join(proxy.dir, 'input');
  writeFileSync(file, randomBytes(mebibytes * 1024 * 1024));
  const child = spawn(
    '/bin/bash',
    ['-c', `exec sshpass -e ssh ${proxy.ssh.join(' ')} 127.0.0.1 'sha256sum; exit 3' < ${file}`],
    {
      env: sshEnv(proxy),
    },
  );
  let out = '';
  child.stdout.on('data', (data: Buffer) => (out += data.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code).toBe(3);
  expect(out.slice(0, 64)).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
  expect(proxy.sessions[0]!.received).toBe(mebibytes * 1024 * 1024);
});

test('keys are exchanged anew in the middle of bulk data, both ways', async () => {
  const proxy = await startProxy({ target });
  const input = randomBytes(3 * 1024 * 1024);
  for (const cipher of ['aes128-gcm@openssh.com', 'chacha20-poly1305@openssh.com', 'aes256-ctr']) {
    const run = await runSsh(proxy, ['-o', 'RekeyLimit=512K', '-c', cipher, 'cat'], { input });
    expect(run.code).toBe(0);
    expect(run.stdoutBytes.equals(input)).toBe(true);
  }
});

test('standard output and error that stall together both arrive whole', async () => {
  const proxy = await startProxy({ target });
  const run = await runSsh(proxy, ['for i in 1 2 3 4 5 6; do head -c 1M /dev/zero; head -c 1M /dev/zero >&2; done']);
  expect(run.stdoutBytes.length).toBe(6 * 1024 * 1024);
  expect(run.stderr.length).toBe(6 * 1024 * 1024);
});

test('exit codes and signals arrive as they were', async () => {
  const proxy = await startProxy({ target });
  const codes = Array.from({ length: count(6, 256) }, (_, index) => (count(6, 256) === 256 ? index : index * 51));
  for (const code of codes) expect((await runSsh(proxy, [`exit ${String(code)}`])).code).toBe(code);
  const killed = await runSsh(proxy, ['-v', 'kill -TERM $$']);
  expect(killed.stderr).toContain('exit-signal');
  await soon(() => {
    expect(proxy.sessions.at(-1)!.closed).toMatchObject([{ channel: 0, exitCode: null, signal: 'TERM' }]);
  });
  expect(killed.code).toBe(255);
  // A signal that the list of RFC 4254 does not have.
  await runSsh(proxy, ['kill -BUS $$']);
  await soon(() => {
    expect(proxy.sessions.at(-1)!.closed[0]?.signal).toMatch(/BUS|SIG/);
  });
});

test('a script with -T and an empty command run as they would without the proxy', async () => {
  const proxy = await startProxy({ target });
  const script = 'echo one\nread line <<< two; echo $line\nprintf "\\x00\\xff\\x80"\nexit 9\n';
  const run = await runSsh(proxy, ['-T'], { input: script });
  expect(run.code).toBe(9);
  expect(run.stdoutBytes.subarray(-3)).toEqual(Buffer.of(0, 0xff, 0x80));
  expect(proxy.sessions[0]!.opened).toEqual([{ channel: 0, kind: 'shell', name: null, pty: false, recordOffset: 0 }]);
  expect((await runSsh(proxy, ['-n', 'cat; echo done'])).stdout).toBe('done\n');
});

test('a command keeps bytes that are no UTF-8', async () => {
  const proxy = await startProxy({ target });
  const file = join(proxy.dir, 'command.sh');
  writeFileSync(
    file,
    Buffer.concat([
      Buffer.from(`exec sshpass -e ssh ${proxy.ssh.join(' ')} 127.0.0.1 "printf '`),
      Buffer.of(0xff, 0xfe, 0xe4),
      Buffer.from(`'"\n`),
    ]),
  );
  const child = startProcess('/bin/bash', [file], { env: sshEnv(proxy) });
  expect((await child.exited).code).toBe(0);
  expect(child.stdoutBytes()).toEqual(Buffer.of(0xff, 0xfe, 0xe4));
});

test('a terminal has its size, its modes and its changes of size', async () => {
  const proxy = await startProxy({ target });
  const child = startProcess(
    '/usr/bin/python3',
    ['-c', terminal, 'sshpass', '-e', 'ssh', '-tt', ...proxy.ssh, '127.0.0.1', showTerminal],
    {
      env: { ...sshEnv(proxy), TERM: 'vt220' },
    },
  );
  await until(() => child.stdout().includes('33 101 vt220') || undefined, { what: 'the first size' });
  await until(() => child.stdout().includes('44 122') || undefined, { what: 'the changed size' });
  // The terminal was made with ERASE = ^H and without echo: modes that the client sends and the target applies.
  expect(child.stdout()).toContain('erase = ^H');
  const seen = proxy.sessions[0]!;
  expect(seen.opened[0]).toMatchObject({ kind: 'exec', pty: true });
  const resizes = seen.records
    .filter(({ kind }) => kind === 'resize')
    .map(({ data }) => JSON.parse(Buffer.from(data).toString()) as unknown);
  expect(resizes).toContainEqual({ columns: 122, rows: 44 });
  expect((await child.exited).code).toBe(0);
});

test('several channels share one connection and one session', async () => {
  const proxy = await startProxy({ target });
  const control = join(proxy.dir, 'mux');
  const master = startProcess('sshpass', ['-e', 'ssh', ...proxy.ssh, '-M', '-S', control, '-N', '127.0.0.1'], {
    env: sshEnv(proxy),
  });
  const over = ['-S', control, '-o', 'ControlMaster=no'];
  await until(async () => (await runSsh(proxy, [...over, '-O', 'check'])).code === 0, {
    what: 'the shared connection',
  });
  const runs = await Promise.all(
    Array.from({ length: 9 }, async (_, index) =>
      runSsh(proxy, [...over, `head -c 100000 /dev/zero; exit ${String(index)}`]),
    ),
  );
  expect(runs.map(({ code }) => code)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  expect(runs.every(({ stdoutBytes }) => stdoutBytes.length === 100_000)).toBe(true);
  expect(proxy.sessions).toHaveLength(1);
  await master.stop();
  await until(() => proxy.sessions[0]!.ended === 'closed-by-client', { what: 'the end of the session' });
});

test('20 sessions at the same time on one token', async () => {
  const proxy = await startProxy({ target });
  const runs = await Promise.all(Array.from({ length: 20 }, async (_, n) => parallel(proxy, n)));
  expect(runs).toEqual(Array.from({ length: 20 }, (_, n) => [n, 200_000]));
  await until(() => proxy.sessions.every(({ ended }) => ended === 'closed-by-client'), { what: 'the end of them all' });
  expect(proxy.sessions).toHaveLength(20);
});

async function parallel(proxy: TestProxy, n: number): Promise<[number | null, number]> {
  const run = await runSsh(proxy, [`head -c 200000 /dev/zero; exit ${String(n)}`]);
  return [run.code, run.stdoutBytes.length];
}
