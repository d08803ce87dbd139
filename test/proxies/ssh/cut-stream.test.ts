import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { count } from '../../kit/counts.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { runProcess } from '../../kit/process.ts';
import { remote, runSftp, sha256, transferOptions, transfers } from './files/clients.ts';
import { runSsh, sshEnv, startProxy, targetOf } from './proxy-kit.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await launchSshd({ cut: 11 });
});

afterAll(async () => {
  await sshd.stop();
});

const times = count(8, 200);
it(`${String(times)} sessions whose both legs are cut at random places carry and record every byte`, async () => {
  const proxy = await startProxy({ target: targetOf(sshd), cut: 5 });
  for (let time = 0; time < times; time += 1) {
    const input = randomBytes(20_000);
    const run = await runSsh(proxy, ['-T', 'cat; echo end >&2; exit 3'], { input });
    expect(run).toMatchObject({ code: 3, stderr: 'end\n' });
    expect(run.stdoutBytes.equals(input)).toBe(true);
    const output = proxy.sessions.at(-1)?.records.filter(({ kind }) => kind === 'output' || kind === 'stderr') ?? [];
    const recorded = Buffer.concat(output.map(({ data }) => data));
    expect(recorded.length).toBe(input.length + 'end\n'.length);
  }
});

const transferTimes = count(2, 50);
it(`${String(transferTimes)} transfers over SFTP and scp, both legs cut at random places, are whole`, async () => {
  const proxy = await startProxy({ target: targetOf(sshd), cut: 5 });
  const file = join(proxy.dir, 'file');
  for (let time = 0; time < transferTimes; time += 1) {
    const bytes = randomBytes(50_000);
    writeFileSync(file, bytes);
    expect(await runSftp(proxy, [`put ${file} cut`, `get cut ${file}.back`])).toMatchObject({ code: 0 });
    expect(readFileSync(`${file}.back`).equals(bytes)).toBe(true);
    for (const words of [
      [file, `${remote}:cut`],
      [`${remote}:cut`, `${file}.scp`],
    ]) {
      const scp = ['-e', 'scp', '-O', ...transferOptions(proxy), ...words];
      expect(await runProcess('sshpass', scp, { env: sshEnv(proxy) })).toMatchObject({ code: 0 });
    }
    expect(readFileSync(`${file}.scp`).equals(bytes)).toBe(true);
    const seen = proxy.sessions.splice(0).flatMap(transfers);
    expect(seen).toHaveLength(4);
    for (const transfer of seen) expect(transfer).toMatchObject({ outcome: 'whole', sha256: sha256(bytes) });
  }
});
