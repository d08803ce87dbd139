import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { soon, until } from '../../kit/until.ts';
import { runSsh, startProxy, type TestTarget, targetOf } from './proxy-kit.ts';

let sshd: Sshd;
let target: TestTarget;

beforeAll(async () => {
  sshd = await launchSshd();
  target = targetOf(sshd);
});
afterAll(async () => {
  await sshd.stop();
});

interface Idle {
  readonly socket: Socket;
  closed: boolean;
  text: string;
}

/** A connection that says `greeting` and then nothing. */
function idle(port: number, localAddress: string, greeting?: Uint8Array | string): Idle {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  const state: Idle = { socket, closed: false, text: '' };
  socket.on('error', () => undefined);
  socket.on('data', (data) => (state.text += data.toString('latin1')));
  socket.on('close', () => (state.closed = true));
  if (greeting !== undefined) socket.write(greeting);
  onTestFinished(() => void socket.destroy());
  return state;
}

test('2,000 idle sockets from 200 sources do not keep an honest login out', async () => {
  const proxy = await startProxy({ target });
  const crowd: Idle[] = [];
  for (let i = 0; i < 2000; i += 1) {
    // Half of them say who they are, which gets them further than saying nothing.
    crowd.push(idle(proxy.port, `127.0.${String(1 + (i % 200))}.7`, i % 2 === 0 ? 'SSH-2.0-idle\r\n' : undefined));
    if (i % 50 === 49) await until(() => !crowd[i]!.socket.connecting, { what: 'the connection' });
  }
  expect((await runSsh(proxy, ['-o', 'ConnectTimeout=20', 'echo in'])).stdout).toBe('in\n');
  await until(() => crowd.filter(({ closed }) => !closed).length <= 512, { what: 'the crowd to be thinned' });
});

test('one source keeps at most its share of the waiting room', async () => {
  const proxy = await startProxy({ target, limits: { waitingPerSource: 5 } });
  const crowd = Array.from({ length: 20 }, () => idle(proxy.port, '127.0.9.9'));
  await until(() => crowd.filter(({ closed }) => closed).length === 15, { what: 'the oldest to go' });
  const other = idle(proxy.port, '127.0.9.10');
  await until(() => other.text.startsWith('SSH-2.0-Sallyport'), { what: 'the greeting of another source' });
  expect(crowd.slice(-5).every(({ closed }) => !closed)).toBe(true);
});

test('who does not log in in time has to go: silent ones first', async () => {
  const proxy = await startProxy({ target, limits: { firstStepMilliseconds: 300, graceMilliseconds: 3000 } });
  const start = performance.now();
  const silent = idle(proxy.port, '127.0.0.1');
  const named = idle(proxy.port, '127.0.0.1', 'SSH-2.0-slow\r\n');
  await until(() => silent.closed, { what: 'the silent one to go' });
  expect(named.closed).toBe(false);
  await until(() => named.closed, { what: 'the slow one to go' });
  expect(performance.now() - start).toBeGreaterThan(2990);
  // Somebody who is logged in stays.
  expect((await runSsh(proxy, ['sleep 3.3; echo still here'])).stdout).toBe('still here\n');
});

test('bytes without end before the login are cut off', async () => {
  const proxy = await startProxy({ target, limits: { bytesBeforeLogin: 20_000 } });
  const line = idle(proxy.port, '127.0.0.1', 'A'.repeat(9000));
  const greeting = idle(proxy.port, '127.0.0.1', 'hello\r\nSSH-2.0-x\r\n');
  const noise = idle(
    proxy.port,
    '127.0.0.1',
    Buffer.concat([Buffer.from('SSH-2.0-x\r\n'), Buffer.alloc(30_000, 0x41)]),
  );
  await until(() => line.closed && greeting.closed && noise.closed, { what: 'all of them to go' });
  expect((await runSsh(proxy, ['echo on'])).stdout).toBe('on\n');
});

test('a proxy that stops tells those who are logged in', async () => {
  const proxy = await startProxy({ target });
  const run = runSsh(proxy, ['echo up; sleep 60']);
  await until(() => proxy.sessions[0]?.sent === 3, { what: 'the session' });
  await proxy.close();
  const { stderr } = await run;
  expect(stderr).toContain('this proxy is shutting down');
  await soon(() => {
    expect(proxy.sessions[0]!.ended).toBe('shutdown');
  });
});
