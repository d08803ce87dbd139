import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { count } from '../../../kit/counts.ts';
import { launchSshd, type Sshd } from '../../../kit/openssh.ts';
import { startProxy, type TestTarget, targetOf } from '../proxy-kit.ts';
import { fileRecords, others, runSftp, sha256, transfers } from './clients.ts';

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
  expect(session.closed).toMatchObject([{ exitCode: 0 }]);
  expect(new Set(session.records.map(({ kind }) => kind))).toEqual(new Set(['channel', 'file']));
  expect(session.records.reduce((sum, { data }) => sum + data.length, 0)).toBeLessThan(8192);
  expect(fileRecords(session).map(({ event }) => event)).toEqual(
    expect.arrayContaining(['looked', 'transferred', 'done']),
  );
});
