import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../../../kit/openssh.ts';
import { runProcess } from '../../../kit/process.ts';
import { soon, until } from '../../../kit/until.ts';
import { login, sshEnv, startProxy, type TestProxy, type TestTarget, targetOf } from '../proxy-kit.ts';
import { others, remote, sha256, transferOptions, transfers } from './clients.ts';

let sshd: Sshd;
let target: TestTarget;
const bytes = randomBytes(1_500_000);
const whole = { channel: 0, outcome: 'whole', why: null, from: 0, bytes: bytes.length, sha256: sha256(bytes) };

beforeAll(async () => {
  sshd = await launchSshd();
  target = targetOf(sshd);
});
afterAll(async () => {
  await sshd.stop();
});

/** A proxy, a local file, a local tree, and a folder on the target that the login may write. */
async function begin(options: Partial<Parameters<typeof startProxy>[0]> = {}) {
  const proxy = await startProxy({ target, ...options });
  const local = (name: string): string => join(proxy.dir, name);
  writeFileSync(local('file'), bytes);
  mkdirSync(local('tree/sub'), { recursive: true });
  writeFileSync(local('tree/sub/file'), bytes);
  mkdirSync(local('home'));
  const folder = `t${String(proxy.port)}`;
  mkdirSync(join(sshd.home, folder));
  chmodSync(join(sshd.home, folder), 0o777);
  return { proxy, local, folder, env: { ...sshEnv(proxy), HOME: local('home') } };
}

async function closed(proxy: TestProxy, sessions = 1): Promise<void> {
  const all = (): boolean => proxy.sessions.filter((session) => session.closed.length > 0).length === sessions;
  await until(all, { what: 'the end of the channels' });
}

test('scp -O carries trees both ways: hashed, not recorded', async () => {
  const { proxy, local, folder, env } = await begin();
  const scp = async (...words: string[]) =>
    await runProcess('sshpass', ['-e', 'scp', '-O', '-r', '-p', ...transferOptions(proxy), ...words], { env });
  expect(await scp(local('tree'), local('file'), `${remote}:${folder}`)).toMatchObject({ code: 0, stderr: '' });
  expect(await scp(`${remote}:${folder}/tree`, local('back'))).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(local('back/sub/file')).equals(bytes)).toBe(true);
  const [up, down] = [proxy.sessions[0]!, proxy.sessions[1]!];
  expect(transfers(up)).toEqual([
    { ...whole, protocol: 'scp', direction: 'upload', path: `${folder}/tree/sub/file` },
    { ...whole, protocol: 'scp', direction: 'upload', path: `${folder}/file` },
  ]);
  expect(others(up).map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
    `mkdir ${folder}/tree`,
    `mkdir ${folder}/tree/sub`,
  ]);
  expect(transfers(down)).toEqual([
    { ...whole, protocol: 'scp', direction: 'download', path: `${folder}/tree/sub/file` },
  ]);
  expect([...up.opened, ...down.opened].map(({ kind, name }) => [kind, name])).toEqual([
    ['exec', 'scp upload'],
    ['exec', 'scp download'],
  ]);
  for (const { records } of [up, down]) expect(records.map(({ kind }) => kind)).not.toContain('output');
});

test('an scp in a command with more to it is an ordinary command, recorded whole', async () => {
  const { proxy, env } = await begin();
  const ssh = ['-e', 'ssh', ...proxy.ssh, '127.0.0.1', 'scp -f /etc/hostname; echo and more'];
  const run = await runProcess('sshpass', ssh, { env, input: '\0\0\0' });
  expect(run.stdout).toContain('and more\n');
  const output = proxy.sessions[0]!.records.filter(({ kind }) => kind === 'output' || kind === 'stderr');
  expect(Buffer.concat(output.map(({ data }) => Buffer.from(data))).toString()).toBe(run.stdout + run.stderr);
});

test('a target that says something else instead of scp is not listened to', async () => {
  const { proxy, local, env } = await begin();
  writeFileSync(join(sshd.home, '.bashrc'), 'echo welcome\n');
  const words = ['-e', 'scp', '-O', ...transferOptions(proxy), `${remote}:x`, local('back')];
  const run = await runProcess('sshpass', words, { env });
  writeFileSync(join(sshd.home, '.bashrc'), '');
  expect(run.code).not.toBe(0);
  expect(run.stderr).toContain('what a login script prints');
  expect(run.stdout + run.stderr).not.toContain('welcome');
  await closed(proxy);
});

test('pscp and psftp, over SFTP and the old protocol', async () => {
  const { proxy, local, folder, env } = await begin();
  const key = proxy.ssh.find((word) => word.startsWith('UserKnownHostsFile='))!.split('=')[1]!;
  const print = execFileSync('ssh-keygen', ['-lf', key], { encoding: 'utf8' }).split('\n')[0]!.split(' ')[1]!;
  const where = ['-batch', '-P', String(proxy.port), '-l', login, '-pw', proxy.token, '-hostkey', print];
  writeFileSync(
    local('batch'),
    `put ${local('file')} ${folder}/p\nget ${folder}/p ${local('p')}\nrm ${folder}/p\nquit\n`,
  );
  expect((await runProcess('psftp', [...where, '127.0.0.1', '-b', local('batch')], { env })).code).toBe(0);
  for (const mode of ['-sftp', '-scp']) {
    expect((await runProcess('pscp', [mode, ...where, local('file'), `127.0.0.1:${folder}/q`], { env })).code).toBe(0);
    expect((await runProcess('pscp', [mode, ...where, `127.0.0.1:${folder}/q`, local(mode)], { env })).code).toBe(0);
    expect(readFileSync(local(mode)).equals(bytes)).toBe(true);
  }
  await closed(proxy, 5);
  const seen = proxy.sessions.flatMap(transfers);
  expect(seen.map(({ protocol, direction }) => `${protocol} ${direction}`)).toEqual([
    ...['sftp upload', 'sftp download', 'sftp upload', 'sftp download', 'scp upload', 'scp download'],
  ]);
  for (const transfer of seen) expect(transfer).toMatchObject(whole);
});

test('lftp: mirrored in parallel, and a file in segments, each of which is partial', async () => {
  const { proxy, local, folder, env } = await begin();
  writeFileSync(join(sshd.home, folder, 'big'), Buffer.concat([bytes, bytes, bytes, bytes]));
  const connect = `sshpass -e ssh -a -x -o UserKnownHostsFile=${join(proxy.dir, 'known_hosts')}`;
  const lftp = async (commands: string) => {
    const open = `open -u ${login},x -p ${String(proxy.port)} sftp://127.0.0.1`;
    const settings = `set cmd:fail-exit yes; set pget:min-chunk-size 1; set sftp:connect-program "${connect}"`;
    const run = await runProcess('lftp', ['-c', `${settings}; ${open}; ${commands}`], { env });
    expect(run.stderr).toBe('');
    expect(run.code).toBe(0);
  };
  await lftp(
    `mirror -R --parallel=3 ${local('tree')} ${folder}/tree; mirror --parallel=3 ${folder}/tree ${local('m')}`,
  );
  expect(readFileSync(local('m/sub/file')).equals(bytes)).toBe(true);
  await until(() => proxy.sessions.flatMap(transfers).length === 2, { what: 'both transfers' });
  const mirrored = proxy.sessions.splice(0).flatMap(transfers);
  // lftp leaves without closing what it has read to the end.
  for (const { sha256: hash } of mirrored) expect(hash).toBe(whole.sha256);
  expect(mirrored.find(({ direction }) => direction === 'upload')).toMatchObject(whole);
  // Slow enough that all three have begun before the first is through.
  await lftp(`set net:limit-rate 1500000; pget -n 3 ${folder}/big -o ${local('big')}`);
  expect(readFileSync(local('big')).length).toBe(4 * bytes.length);
  await until(() => proxy.sessions.flatMap(transfers).length >= 2, { what: 'the ends of the segments' });
  await closed(proxy, proxy.sessions.filter(({ opened }) => opened.length > 0).length);
  for (const { outcome, from, sha256: hash, bytes: length } of proxy.sessions.flatMap(transfers)) {
    expect(outcome).toBe('partial');
    const stretch = Buffer.concat([bytes, bytes, bytes, bytes]).subarray(from, from + length);
    if (hash !== null) expect(hash).toBe(sha256(stretch));
  }
});

test('paramiko: prefetch, out of order, sparse, appended, cut, names that drive a terminal', async () => {
  const { proxy, local, folder } = await begin();
  const script = `
import paramiko
t=paramiko.Transport(('127.0.0.1', ${String(proxy.port)})); t.connect(username='${login}', password='${proxy.token}')
s=paramiko.SFTPClient.from_transport(t)
s.chdir('${folder}')
s.put('${local('file')}','file'); s.get('file','${local('back')}', prefetch=False); s.get('file','${local('again')}')
d=open('${local('file')}','rb').read(98304)
w=s.open('order','w')
for o in (65536,0,32768): w.seek(o); w.write(d[o:o+32768])
w.close()
w=s.open('sparse','w'); w.write(b'x'); w.seek(1000000); w.write(b'x'); w.close()
w=s.open('append','a'); w.write(b'more'); w.close()
w=s.open('cut','w'); w.write(d); w.truncate(10); w.close()
w=s.open('twice','w'); w.write(d[:100]); w.seek(0); w.write(d[:100]); w.close()
r=s.open('file'); list(r.readv([(0,1000),(500000,1000)])); r.close()
s.rename('twice','a\\x1b[31m\\nb'); s.symlink('../../etc/passwd','link'); s.remove('link')
t.close()
`;
  const run = await runProcess('/usr/bin/python3', ['-c', script]);
  expect(run.stderr).toBe('');
  await closed(proxy);
  const session = proxy.sessions[0]!;
  const short = transfers(session).map(({ path, outcome, why, from, bytes: length, sha256: hash }) => [
    path.split('/').at(-1),
    ...[outcome, why, from, length, hash?.slice(0, 8) ?? null],
  ]);
  const hash = (part: Uint8Array): string => sha256(part).slice(0, 8);
  const parts = 'parts in between are missing';
  const appended = 'it was appended to what was there';
  // Reading ahead, paramiko asks for some parts twice when the answers to the first are faster than its own thread.
  const [ahead] = short.splice(2, 1);
  expect([null, 'parts passed more than once']).toContain(ahead?.[2]);
  expect(readFileSync(local('again')).equals(bytes)).toBe(true);
  expect(short).toEqual([
    ['file', 'whole', null, 0, bytes.length, hash(bytes)],
    ['file', 'whole', null, 0, bytes.length, hash(bytes)],
    ['order', 'whole', null, 0, 98_304, hash(bytes.subarray(0, 98_304))],
    ['sparse', 'partial', parts, 0, 2, null],
    ['append', 'partial', appended, 0, 4, hash(Buffer.from('more'))],
    ['cut', 'partial', 'it was cut to 10 bytes after more had been written', 0, 98_304, null],
    ['twice', 'partial', 'parts passed more than once', 0, 200, null],
    ['file', 'partial', parts, 0, 2000, null],
  ]);
  expect(others(session).at(-3)).toMatch(/rename .*twice .*a\\u\{1b\}\[31m\\u\{a\}b$/);
  expect(others(session).at(-2)).toMatch(/^symlink \.\.\/\.\.\/etc\/passwd /);
});

test('rsync passes unread: named, counted, not recorded; refused where its files would have to be measured', async () => {
  const { proxy, local, folder, env } = await begin();
  const rsh = (to: TestProxy): string => `sshpass -e ssh ${to.ssh.join(' ')}`;
  const up = await runProcess('rsync', ['-a', '-e', rsh(proxy), `${local('tree')}/`, `127.0.0.1:${folder}/r`], { env });
  expect(up).toMatchObject({ code: 0, stderr: '' });
  const back = ['-az', '--partial', '-e', rsh(proxy), `127.0.0.1:${folder}/r/`, local('r')];
  expect(await runProcess('rsync', back, { env })).toMatchObject({ code: 0, stderr: '' });
  expect(readFileSync(local('r/sub/file')).equals(bytes)).toBe(true);
  await closed(proxy, 2);
  const [first, second] = [proxy.sessions[0]!, proxy.sessions[1]!];
  expect([first, second].map(({ opened }) => opened[0]?.name)).toEqual(['rsync upload', 'rsync download']);
  expect(first.closed[0]!.bytesReceived).toBeGreaterThan(bytes.length);
  expect(second.closed[0]!.bytesSent).toBeGreaterThan(bytes.length);
  for (const { records } of [first, second]) expect(records.map(({ kind }) => kind)).toEqual(['channel', 'channel']);

  for (const channels of [{ files: 'upload' as const }, { maxFileBytes: 9 }]) {
    const strict = await startProxy({ target, channels });
    const words = ['-a', '-e', rsh(strict), `127.0.0.1:${folder}/r/`, local('no')];
    const run = await runProcess('rsync', words, { env: sshEnv(strict) });
    expect(run.code).not.toBe(0);
    expect(run.stderr).toContain('in this session');
    expect(existsSync(local('no/sub'))).toBe(false);
    await soon(() => {
      expect(strict.sessions[0]!.refused).toEqual([{ kind: 'exec', name: 'rsync download' }]);
    });
  }
});

test('what the target runs as rsync needs exec too, must begin as rsync does, and is recorded where all of it must be', async () => {
  const { proxy, local, folder, env } = await begin({ recording: 'strict' });
  const rsh = (to: TestProxy): string => `sshpass -e ssh ${to.ssh.join(' ')}`;
  const words = (to: TestProxy): string[] => ['-a', '-e', rsh(to), `${local('tree')}/`, `127.0.0.1:${folder}/r`];
  expect(await runProcess('rsync', words(proxy), { env })).toMatchObject({ code: 0, stderr: '' });
  expect(proxy.sessions[0]!.records.map(({ kind }) => kind)).toContain('output');

  const noCommands = await startProxy({ target, channels: { exec: false } });
  const refused = await runProcess('rsync', words(noCommands), { env: sshEnv(noCommands) });
  expect(refused.stderr).toContain('commands are not allowed in this session');
  await soon(() => {
    expect(noCommands.sessions[0]!.refused).toEqual([{ kind: 'exec', name: 'exec' }]);
  });

  const required = await startProxy({ target });
  const run = async (input: string | Buffer) =>
    await runProcess('sshpass', ['-e', 'ssh', ...required.ssh, '127.0.0.1', 'rsync --server -re.LsfxCIvu . x'], {
      env: sshEnv(required),
      input,
    });
  writeFileSync(join(sshd.home, '.bashrc'), 'rsync() { bash -c "echo secret; cat"; }\n');
  const fake = await run('id\nid\n');
  writeFileSync(join(sshd.home, '.bashrc'), '');
  expect(fake.stderr).toContain('this is not rsync');
  expect(fake.stdout).toBe('');
  expect(fake.code).not.toBe(0);
  const odd = await run('id\nid\n');
  expect(odd.stderr).toContain('this is not rsync');
});

test('curl with an old libssh2, which knows neither GCM nor encrypt-then-MAC, fetches a file', async () => {
  const { proxy, folder } = await begin();
  writeFileSync(join(sshd.home, folder, 'file'), bytes, { mode: 0o644 });
  const url = `sftp://127.0.0.1:${String(proxy.port)}${join(sshd.home, folder, 'file')}`;
  const run = await runProcess('curl', ['-sk', '--noproxy', '*', '-u', `${login}:${proxy.token}`, url]);
  expect(run.code, run.stderr).toBe(0);
  expect(run.stdoutBytes.equals(bytes)).toBe(true);
});
