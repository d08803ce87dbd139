import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { Channel } from '../../../src/proxies/ssh/channel.ts';
import { ClientSide } from '../../../src/proxies/ssh/client-side.ts';
import { Login } from '../../../src/proxies/ssh/login.ts';
import { PersonChannel } from '../../../src/proxies/ssh/person-channel.ts';
import { TypedInput } from '../../../src/proxies/ssh/typing/typed-input.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { startProcess } from '../../kit/process.ts';
import { soon, until } from '../../kit/until.ts';
import { runSsh, sshEnv, startProxy, type TestProxy, targetOf } from './proxy-kit.ts';
import { sftp } from './files/packets.ts';
import { exec, type Raw, sendRaw, standsStill, strange, text, uint32 } from './raw-client.ts';

// What is wrong with us ends the connection that met it: a throw in a timer would end the process, and with it everybody.

let sshd: Sshd;

beforeAll(async () => {
  sshd = await launchSshd();
});
afterAll(async () => {
  await sshd.stop();
});
afterEach(() => {
  vi.restoreAllMocks();
});

function broken(): never {
  throw new Error('a fault of ours');
}

async function expectAlive(proxy: TestProxy): Promise<void> {
  vi.restoreAllMocks();
  expect(await runSsh(proxy, ['echo alive'])).toMatchObject({ code: 0, stdout: 'alive\n' });
}

test.each(['tick', 'typed'] as const)('a fault in following what is typed (%s) ends the session', async (method) => {
  const proxy = await startProxy({ target: targetOf(sshd), channels: { typed: true } });
  const client = startProcess('sshpass', ['-e', 'ssh', '-tt', ...proxy.ssh, '127.0.0.1', 'stty -echo; echo up; cat'], {
    env: sshEnv(proxy),
    keepInput: true,
  });
  await until(() => client.stdout().includes('up'), { what: 'the command' });
  // Due at once, not after its five seconds.
  vi.spyOn(TypedInput.prototype, 'deadline', 'get').mockReturnValue(0);
  vi.spyOn(TypedInput.prototype, method).mockImplementation(broken);
  client.child.stdin?.write('x');
  expect((await client.exited).code).toBe(255);
  expect(client.stdout()).toContain('the session cannot be recorded any more, so it was ended');
  await soon(() => {
    expect(proxy.sessions[0]!.ended).toBe('recording-failed');
  });
  await expectAlive(proxy);
});

test('a fault once the target is open ends the connection and its session', async () => {
  const proxy = await startProxy({ target: targetOf(sshd) });
  vi.spyOn(Login.prototype, 'accept').mockImplementation(broken);
  expect((await runSsh(proxy, ['echo no'])).code).toBe(255);
  await until(() => proxy.sessions[0]!.ended === 'error', { what: 'the end of the session' });
  await expectAlive(proxy);
});

test.each([
  ['cutting a channel', () => vi.spyOn(PersonChannel.prototype, 'cut').mockImplementation(broken)],
  ['waiting for the last words', () => vi.spyOn(PersonChannel.prototype, 'closed', 'get').mockImplementation(broken)],
])('a fault in %s of a session that is cut lets nothing pass', async (_what, breakIt) => {
  const proxy = await startProxy({ target: targetOf(sshd) });
  const client = startProcess('sshpass', ['-e', 'ssh', ...proxy.ssh, '127.0.0.1', 'echo up; sleep 600'], {
    env: sshEnv(proxy),
  });
  await client.line(/^up$/);
  breakIt();
  proxy.sessions[0]!.cut('token-revoked', 'the temporary token of this session was revoked');
  expect((await client.exited).code).toBe(255);
  await expectAlive(proxy);
});

test('a fault in telling what went wrong on a channel ends the connection', async () => {
  const proxy = await startProxy({ target: targetOf(sshd), channels: { exec: false } });
  vi.spyOn(PersonChannel.prototype, 'refuse').mockImplementation(broken);
  expect((await runSsh(proxy, ['echo no'])).code).toBe(255);
  await until(() => proxy.sessions[0]!.ended === 'error', { what: 'the end of the session' });
});

test.each([
  ['a command', ['127.0.0.1', 'cat']],
  ['a file transfer', ['-s', '127.0.0.1', 'sftp']],
])('a fault in passing on what %s says ends the connection', async (_what, words) => {
  const proxy = await startProxy({ target: targetOf(sshd) });
  const options = { env: sshEnv(proxy), keepInput: true };
  const client = startProcess('sshpass', ['-e', 'ssh', ...proxy.ssh, ...words], options);
  await until(() => proxy.sessions[0]?.opened.length === 1, { what: 'the channel' });
  vi.spyOn(ClientSide.prototype, 'send').mockImplementation(broken);
  client.child.stdin?.write(sftp.init());
  expect((await client.exited).code).toBe(255);
  await until(() => proxy.sessions[0]!.ended === 'error', { what: 'the end of the session' });
  await expectAlive(proxy);
});

test('a fault when the network takes bytes again ends the connection', async () => {
  const proxy = await startProxy({ target: targetOf(sshd), forgetRecords: true });
  const { client, closed } = await strange(proxy, proxy.token);
  const socket = (client as unknown as Raw)._sock;
  const endless = Buffer.concat([uint32(0), uint32(0xffff_ffff), uint32(32_768)]);
  sendRaw(client, Buffer.concat([Buffer.of(90), text('session'), endless]));
  sendRaw(client, exec(0, 'cat /dev/zero'));
  socket.pause();
  await until(() => proxy.sessions[0]!.recorded > 1_000_000, { what: 'output' });
  await standsStill(() => proxy.sessions[0]!.recorded);
  vi.spyOn(Channel.prototype, 'pump').mockImplementation(broken);
  socket.resume();
  await until(closed, { what: 'the end of the connection' });
  await expectAlive(proxy);
}, 90_000);
