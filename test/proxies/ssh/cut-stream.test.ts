import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { count } from '../../kit/counts.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { runSsh, startProxy, targetOf } from './proxy-kit.ts';

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
    const output = proxy.sessions.at(-1)?.records.filter(({ kind }) => kind === 'output') ?? [];
    const recorded = Buffer.concat(output.map(({ data }) => data));
    expect(recorded.length).toBe(input.length + 'end\n'.length);
  }
});
