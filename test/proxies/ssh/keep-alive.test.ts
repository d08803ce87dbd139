import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { descendants } from '../../kit/process-tree.ts';
import { runProcess, startProcess } from '../../kit/process.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';
import { login, sshEnv, startProxy, type TestProxy, targetOf } from './proxy-kit.ts';

let sshd: Sshd;

beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});

const keepAliveMilliseconds = 300;

/** A way to a port that, once it is lost, swallows everything both ways without closing anything. */
async function lossyWay(port: number): Promise<{ readonly port: number; lose(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
    }
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    lose: () => {
      for (const socket of sockets) socket.unpipe().resume();
    },
  };
}

async function expectLost(proxy: TestProxy, reason: string): Promise<void> {
  const seen = proxy.sessions[0]!;
  await until(() => seen.ended, { what: 'the end of the session' });
  expect(seen.ended).toBe(reason);
}

test('a client behind a way that swallows everything is given up', async () => {
  const proxy = await startProxy({ target: targetOf(sshd), keepAliveMilliseconds });
  const way = await lossyWay(proxy.port);
  const alias = ['-o', `HostKeyAlias=[127.0.0.1]:${String(proxy.port)}`, '-p', String(way.port)];
  const client = startProcess('sshpass', ['-e', 'ssh', ...alias, ...proxy.ssh, '127.0.0.1', 'echo up; sleep 60'], {
    env: sshEnv(proxy),
  });
  await client.line(/^up$/);
  way.lose();
  await expectLost(proxy, 'client-lost');
});

test('a client that is stopped is given up, although output waits for it', async () => {
  const proxy = await startProxy({ target: targetOf(sshd), keepAliveMilliseconds });
  const client = startProcess('sshpass', ['-e', 'ssh', ...proxy.ssh, '127.0.0.1', 'echo up; yes'], {
    env: sshEnv(proxy),
  });
  await client.line(/^up$/);
  const pids = descendants(client.pid);
  for (const pid of pids) process.kill(pid, 'SIGSTOP');
  await expectLost(proxy, 'client-lost');
});

test('a target that falls silent is given up, and the person is told', async () => {
  const way = await lossyWay(sshd.port);
  const proxy = await startProxy({ target: { ...targetOf(sshd), port: way.port }, keepAliveMilliseconds });
  const client = startProcess('sshpass', ['-e', 'ssh', ...proxy.ssh, '127.0.0.1', 'echo up; sleep 60'], {
    env: sshEnv(proxy),
  });
  await client.line(/^up$/);
  way.lose();
  await expectLost(proxy, 'target-lost');
  await client.exited;
  expect(client.stderr()).toContain('sallyport: the connection to the target broke');
});

test('OpenSSH and PuTTY that say nothing answer, and stay', async () => {
  const proxy = await startProxy({ target: targetOf(sshd), keepAliveMilliseconds: 1000 });
  const scanned = await runProcess('ssh-keyscan', ['-t', 'ed25519', '-p', String(proxy.port), '127.0.0.1']);
  const listed = await runProcess('ssh-keygen', ['-lf', '-'], { input: scanned.stdout });
  const fingerprint = /SHA256:\S+/.exec(listed.stdout)?.[0] ?? '';
  // Twice the silence after which a client that does not answer is given up.
  const command = 'sleep 8; echo still here';
  const where = ['-P', String(proxy.port), '-l', login, '-pw', proxy.token, '-hostkey', fingerprint];
  const runs = await Promise.all([
    runProcess('sshpass', ['-e', 'ssh', ...proxy.ssh, '127.0.0.1', command], { env: sshEnv(proxy) }),
    runProcess('plink', ['-batch', '-no-antispoof', ...where, '127.0.0.1', command], {
      env: { ...process.env, HOME: tempDir() },
    }),
  ]);
  expect(runs.map(({ stdout }) => stdout)).toEqual(['still here\n', 'still here\n']);
}, 60_000);
