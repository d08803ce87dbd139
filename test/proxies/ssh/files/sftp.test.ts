import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { count } from '../../../kit/counts.ts';
import { launchSshd, type Sshd } from '../../../kit/openssh.ts';
import { startProcess } from '../../../kit/process.ts';
import { soon, until } from '../../../kit/until.ts';
import { runSsh, sshEnv, startProxy, type TestProxy, type TestTarget, targetOf } from '../proxy-kit.ts';
import { fileRecords, others, remote, runSftp, sha256, transferOptions, transfers } from './clients.ts';
import { sftp } from './packets.ts';

let sshd: Sshd;
let target: TestTarget;

beforeAll(async () => {
  sshd = await launchSshd();
  target = targetOf(sshd);
});
afterAll(async () => {
  await sshd.stop();
});

const mebibytes = count(8, 200);

test('put and get with many requests at once: whole files with their SHA-256, and nothing of them recorded', async () => {
  const proxy = await startProxy({ target });
  const local = join(proxy.dir, 'local');
  const bytes = randomBytes(mebibytes * 1024 * 1024 + 12_345);
  writeFileSync(local, bytes);
  const run = await runSftp(proxy, [`put ${local} up`, `get up ${local}.back`, 'rm up'], ['-R', '64']);
  expect(run.stderr).not.toContain('sallyport');
  expect(run.code).toBe(0);
  expect(readFileSync(`${local}.back`).equals(bytes)).toBe(true);
  const session = proxy.sessions[0]!;
  const whole = { channel: 0, protocol: 'sftp', outcome: 'whole', why: null, from: 0, bytes: bytes.length };
  const path = `${sshd.home}/up`;
  expect(transfers(session)).toEqual([
    { ...whole, direction: 'upload', path, sha256: sha256(bytes) },
    { ...whole, direction: 'download', path, sha256: sha256(bytes) },
  ]);
  expect(others(session)).toEqual([`remove ${path}`]);
  expect(session.opened).toMatchObject([{ kind: 'sftp', name: null, pty: false }]);
  await soon(() => {
    expect(session.closed).toMatchObject([{ exitCode: 0 }]);
  });
  expect(new Set(session.records.map(({ kind }) => kind))).toEqual(new Set(['channel', 'file']));
  expect(session.records.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThan(8192);
  expect(fileRecords(session).map(({ event }) => event)).toEqual(
    expect.arrayContaining(['looked', 'transferred', 'done']),
  );
});

test('a resumed transfer is partial, with the hash of what was carried', async () => {
  const proxy = await startProxy({ target });
  const local = join(proxy.dir, 'local');
  const bytes = randomBytes(700_000);
  writeFileSync(local, bytes);
  writeFileSync(`${local}.part`, bytes.subarray(0, 300_000));
  const commands = [
    `put ${local}.part r`,
    `reput ${local} r`,
    `reget r ${local}.part`,
    'rm r',
    `put ${local} r`,
    'rm r',
  ];
  expect(await runSftp(proxy, commands)).toMatchObject({ code: 0 });
  expect(readFileSync(`${local}.part`).equals(bytes)).toBe(true);
  const rest = { outcome: 'partial', from: 300_000, bytes: 400_000, sha256: sha256(bytes.subarray(300_000)) };
  expect(transfers(proxy.sessions[0]!)).toMatchObject([
    { outcome: 'whole', bytes: 300_000 },
    { direction: 'upload', ...rest, why: 'it was appended to what was there' },
    { direction: 'download', ...rest, why: 'it began at byte 300000' },
    { outcome: 'whole', bytes: 700_000, sha256: sha256(bytes) },
  ]);
});

test('folders, links, modes and renames are events once the target has done them; looking is a record', async () => {
  const proxy = await startProxy({ target });
  const local = join(proxy.dir, 'local');
  writeFileSync(local, 'x');
  const commands = [
    ...['mkdir ops', 'cd ops', `put ${local} a`, 'chmod 640 a', 'ln -s a b', 'ln a c', 'rename a d', 'ls -l', 'df'],
    ...['-rm nothere', '-mkdir /proc/no', 'rm b', 'rm c', 'rm d', 'cd ..', 'rmdir ops'],
  ];
  expect(await runSftp(proxy, commands)).toMatchObject({ code: 0 });
  const session = proxy.sessions[0]!;
  const home = `${sshd.home}/ops`;
  expect(others(session)).toEqual([
    `mkdir ${home} mode 0777`,
    `setstat ${home}/a mode 0640`,
    `symlink a ${home}/b`,
    `hardlink ${home}/a ${home}/c`,
    `rename ${home}/a ${home}/d`,
    ...['b', 'c', 'd'].map((name) => `remove ${home}/${name}`),
    `rmdir ${home}`,
  ]);
  const looked = fileRecords(session).filter(({ event }) => event === 'looked');
  expect(looked).toContainEqual(expect.objectContaining({ operation: 'list', path: home, entries: 5 }));
  expect(looked).toContainEqual(expect.objectContaining({ operation: 'mkdir', path: '/proc/no', code: 2 }));
  const exact = Buffer.from(home, 'latin1').toString('base64');
  expect(fileRecords(session)).toContainEqual(expect.objectContaining({ event: 'done', pathBytes: exact }));
});

test('what the entitlement does not open is refused with a message, and the rest goes on', async () => {
  const download = await startProxy({ target, channels: { files: 'download' } });
  const local = join(download.dir, 'local');
  writeFileSync(local, 'contents');
  writeFileSync(join(sshd.home, 'there'), 'contents of it');
  const read = await runSftp(download, [`-put ${local} no`, '-rm there', '-mkdir no', `get there ${local}.back`]);
  expect(read.code).toBe(0);
  expect(read.stderr).toContain('sallyport: files may only be read in this session');
  expect(existsSync(join(sshd.home, 'no'))).toBe(false);
  expect(readFileSync(`${local}.back`, 'utf8')).toBe('contents of it');
  expect(others(download.sessions[0]!).map((text) => text.replace(`${sshd.home}/`, ''))).toEqual([
    ...['refused upload no direction', 'refused remove there direction', 'refused mkdir no direction'],
  ]);

  const upload = await startProxy({ target, channels: { files: 'upload', maxFileBytes: 10 } });
  writeFileSync(`${local}.long`, 'longer than ten');
  const write = await runSftp(upload, [`put ${local} up`, 'ls', `-get there ${local}.no`, `-put ${local}.long long`]);
  expect(write.code).toBe(0);
  expect(write.stderr).toContain('sallyport: files may only be written in this session');
  expect(write.stderr).toContain('sallyport: files longer than 10 bytes');
  expect(write.stdout).toContain('there');
  expect(readFileSync(join(sshd.home, 'long'), 'utf8')).toBe('');
  expect(transfers(upload.sessions[0]!)).toMatchObject([{ outcome: 'whole' }, { outcome: 'partial', bytes: 0 }]);
});

test('the client learns of nothing before its event is stored, and of nothing when it can not be', async () => {
  const stored = Promise.withResolvers<undefined>();
  const proxy = await startProxy({ target, noteFile: async () => await stored.promise });
  const local = join(proxy.dir, 'local');
  writeFileSync(local, 'x');
  const options = ['-e', 'sftp', '-o', 'BatchMode=no', '-b', '-', ...transferOptions(proxy), remote];
  const run = startProcess('sshpass', options, { env: sshEnv(proxy), input: `put ${local} noted\npwd\n` });
  await until(() => proxy.sessions[0]?.files.length === 1, { what: 'the transfer' });
  expect(readFileSync(join(sshd.home, 'noted'), 'utf8')).toBe('x');
  await expect(until(() => run.stdout().includes('pwd'), { what: 'more', deadlineMs: 300 })).rejects.toThrow();
  stored.resolve(undefined);
  expect((await run.exited).code).toBe(0);
});

test('when file records can not be written, the client learns of nothing and the session ends', async () => {
  const proxy = await startProxy({
    target,
    makeRecorder: () => ({
      write: ({ kind }) => {
        if (kind === 'file') throw new Error('disk full');
      },
      records: 0,
      onChunk: () => undefined,
      onFailure: () => undefined,
      close: async () => undefined,
    }),
  });
  const run = await runSftp(proxy, ['rename there elsewhere', 'pwd']);
  expect(run.code).not.toBe(0);
  expect(run.stdout).not.toContain('pwd');
  await soon(() => {
    expect(proxy.sessions[0]!.ended).toBe('recording-failed');
  });
});

test('a transfer that breaks off is noted as partial, before the end of the session', async () => {
  const endWhenNoted: (string | null)[] = [];
  const noteFile = async (): Promise<void> => void endWhenNoted.push(proxy.sessions.at(-1)!.ended);
  const proxy: TestProxy = await startProxy({ target, noteFile });
  const local = join(proxy.dir, 'local');
  writeFileSync(local, randomBytes(8 * 1024 * 1024));
  const options = ['-e', 'sftp', '-l', '4000', '-o', 'BatchMode=no', '-b', '-', ...transferOptions(proxy), remote];
  for (const how of ['client', 'cut']) {
    const before = proxy.sessions.length;
    const run = startProcess('sshpass', options, { env: sshEnv(proxy), input: `put ${local} broken\n` });
    await until(() => (proxy.sessions[before]?.received ?? 0) > 500_000, { what: 'some of it' });
    const session = proxy.sessions.at(-1)!;
    if (how === 'cut') session.cut('administrator', 'ended by an administrator');
    else await run.stop('SIGKILL');
    await until(() => session.files.length === 1, { what: 'the transfer' });
    const [transfer] = transfers(session);
    expect(transfer).toMatchObject({ outcome: 'partial', why: 'the connection ended before it was closed', from: 0 });
    expect(transfer!.bytes).toBeGreaterThan(100_000);
    expect(fileRecords(session).at(-1)).toMatchObject({ event: 'transferred', outcome: 'partial' });
    await run.exited;
  }
  expect(endWhenNoted).toEqual([null, 'administrator']);
});

test('what is no SFTP ends the channel and leaves the connection', async () => {
  const proxy = await startProxy({ target });
  const bad = Buffer.from('ffffffff05', 'hex');
  const run = await runSsh(proxy, ['-s', 'sftp'], { input: bad });
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('the file transfer was ended: an SFTP packet has a bad length');
  await soon(() => {
    expect(proxy.sessions[0]!.closed).toHaveLength(1);
  });
});

test('a client that reads nothing holds the target back instead of filling memory', async () => {
  const proxy = await startProxy({ target });
  writeFileSync(join(sshd.home, 'big'), Buffer.alloc(64 * 1024 * 1024));
  const run = startProcess('sshpass', ['-e', 'ssh', ...proxy.ssh, '-s', '127.0.0.1', 'sftp'], {
    env: sshEnv(proxy),
    keepInput: true,
  });
  run.child.stdout?.pause();
  const reads = Array.from({ length: 900 }, (_, index) => sftp.read(10 + index, '\0\0\0\0', index * 65_536, 65_536));
  run.child.stdin?.write(Buffer.concat([sftp.init(), sftp.open(1, 'big', 1)]));
  await until(() => fileRecords(proxy.sessions[0]!).length === 1, { what: 'the open file' });
  run.child.stdin?.write(Buffer.concat(reads));
  await until(() => proxy.sessions[0]!.sent > 100_000, { what: 'the first answers' });
  let last = -1;
  const stands = await until(
    () => {
      const same = proxy.sessions[0]!.sent === last;
      last = proxy.sessions[0]!.sent;
      return same && last;
    },
    { what: 'the target to stand still' },
  );
  expect(stands).toBeLessThan(24 * 1024 * 1024);
  await run.stop('SIGKILL');
});
