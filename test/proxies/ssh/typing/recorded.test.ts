import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../../../kit/openssh.ts';
import { startProcess } from '../../../kit/process.ts';
import { until } from '../../../kit/until.ts';
import { runSsh, type SeenSession, sshEnv, startProxy, targetOf } from '../proxy-kit.ts';
import { shellCommand } from './pty.ts';
import { canary, printed, prompt, type Scenario, scenarios, starsFile } from './scenarios.ts';

let sshd: Sshd;
beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

const su: Scenario = {
  name: 'the password of su',
  shell: 'bash',
  steps: [
    ['su -c true\r', '\rPassword: '],
    [`${canary}-su\r`, printed('failure')],
    ['echo fine\r', printed('\rfine')],
  ],
  statements: ['su -c true', { why: 'not-echoed' }, 'echo fine'],
};

const jsonOf = ({ records }: SeenSession, kind: string): unknown[] =>
  records.filter((each) => each.kind === kind).map(({ data }) => JSON.parse(Buffer.from(data).toString()) as unknown);

/** Plays a scenario over OpenSSH's client and a real sshd, with the TCP streams cut at random places. */
async function play({ shell, steps }: Scenario, typed: boolean, seed: number): Promise<SeenSession> {
  const proxy = await startProxy({ target: targetOf(sshd), channels: { typed }, cut: seed });
  const stars = join(sshd.home, 'stars.py');
  writeFileSync(stars, starsFile, { mode: 0o644 });
  const words = shellCommand(shell, stars).map((word) => `'${word}'`);
  const client = startProcess('sshpass', ['-e', 'ssh', '-tt', ...proxy.ssh, '127.0.0.1', words.join(' ')], {
    env: sshEnv(proxy),
    keepInput: true,
  });
  let from = 0;
  for (const [keys, sees] of [['', prompt] as const, ...steps]) {
    client.child.stdin?.write(keys);
    await until(() => client.stdoutBytes().subarray(from).includes(sees), {
      deadlineMs: 60_000,
      what: `${JSON.stringify(sees)} after ${JSON.stringify(keys)}`,
    });
    from = client.stdoutBytes().length;
  }
  client.child.stdin?.write('exit\r');
  await client.exited;
  const seen = proxy.sessions[0]!;
  await until(() => seen.ended !== null, { what: 'the end of the session' });
  return seen;
}

test.each([su, ...scenarios])(
  '$name: statements, input and nothing that was not echoed',
  async (scenario) => {
    const seen = await play(scenario, true, 3);
    const statements = jsonOf(seen, 'statement').map((each) => {
      const { line, why } = each as { line?: string; why?: string };
      return line ?? { why };
    });
    expect(statements).toEqual([...scenario.statements, 'exit']);
    const input = Buffer.concat(seen.records.filter(({ kind }) => kind === 'input').map(({ data }) => data));
    const hidden = jsonOf(seen, 'hidden').reduce<number>((sum, each) => sum + (each as { bytes: number }).bytes, 0);
    expect(input.length + hidden).toBe(seen.received);
    for (const { kind, data } of seen.records) {
      if (kind !== 'output') expect(Buffer.from(data).includes(canary)).toBe(false);
    }
  },
  120_000,
);

test('without the wish of the entitlement nothing typed is recorded', async () => {
  const seen = await play(scenarios[0]!, false, 0);
  expect(seen.received).toBeGreaterThan(10);
  expect(seen.records.filter(({ kind }) => /input|statement|hidden/.test(kind))).toEqual([]);
});

test('without a terminal standard input is data: counted, never recorded', async () => {
  const proxy = await startProxy({ target: targetOf(sshd), channels: { typed: true } });
  const run = await runSsh(proxy, ['-T'], { input: `echo out\nread x\n${canary}\n` });
  expect(run.stdout).toBe('out\n');
  const seen = proxy.sessions[0]!;
  expect(seen.records.map(({ kind }) => kind)).toEqual(['channel', 'output', 'channel']);
  await until(() => seen.closed.length === 1, { what: 'the end of the channel' });
  expect(seen.closed[0]).toMatchObject({ bytesReceived: 16 + canary.length + 1 });
});
