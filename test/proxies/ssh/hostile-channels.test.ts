import type { ClientChannel } from 'ssh2';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { count } from '../../kit/counts.ts';
import { launchSshd, type Sshd } from '../../kit/openssh.ts';
import { until } from '../../kit/until.ts';
import { runSsh, startProxy, type TestTarget, targetOf } from './proxy-kit.ts';
import { exec, openSession, type Raw, sendRaw, standsStill, strange, text, uint32 } from './raw-client.ts';

let sshd: Sshd;
let target: TestTarget;

beforeAll(async () => {
  sshd = await launchSshd();
  target = targetOf(sshd);
});
afterAll(async () => {
  await sshd.stop();
});

const mebibyte = 1024 * 1024;
const channels = count(24, 64);

test('channels whose output nobody reads hold one budget together', async () => {
  const proxy = await startProxy({ target, forgetRecords: true });
  const { client } = await strange(proxy, proxy.token);
  const seen = proxy.sessions[0]!;
  const endless = Buffer.of(0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 128, 0);
  for (let at = 0; at < channels; at += 1) {
    sendRaw(client, Buffer.concat([Buffer.of(90), text('session'), endless]));
    sendRaw(client, exec(at, 'cat /dev/zero'));
  }
  (client as unknown as Raw)._sock.pause();
  await until(() => seen.opened.length === channels, { what: 'the commands', deadlineMs: 30_000 });
  await standsStill(() => seen.recorded);
  expect(seen.recorded - seen.sent).toBeLessThan(1.5 * mebibyte);
  // What was sent lies in the kernel's buffers: 36 MiB a connection at most on Linux, and a relay may stand between.
  expect(seen.sent).toBeLessThan(80 * mebibyte);
}, 90_000);

test('channels whose input nobody takes hold one budget together', async () => {
  const proxy = await startProxy({ target, forgetRecords: true });
  const { client } = await strange(proxy, proxy.token);
  const seen = proxy.sessions[0]!;
  const open = await Promise.all(
    Array.from(
      { length: channels },
      async () =>
        new Promise<ClientChannel>((resolve, reject) => {
          client.exec('exec sleep 300', (error, channel) => (error === undefined ? resolve(channel) : reject(error)));
        }),
    ),
  );
  for (const channel of open) channel.write(Buffer.alloc(6 * mebibyte));
  await until(() => seen.received > channels * 2 * mebibyte, { what: 'input', deadlineMs: 60_000 });
  await standsStill(() => seen.received);
  // What sshd takes for each: its own window, and what the pipe holds.
  const taken = channels * (2 * mebibyte + 64 * 1024);
  expect(seen.received - taken).toBeLessThan(4_000_000);
  // None of them is kept from closing, and others still work.
  open[0]!.close();
  client.end();
  expect((await runSsh(proxy, ['echo alive'])).stdout).toBe('alive\n');
}, 120_000);

test('opens and closes without end neither pile up nor end anybody else', async () => {
  const proxy = await startProxy({ target });
  const { client, closed } = await strange(proxy, proxy.token);
  const rounds = count(500, 20_000);
  for (let at = 0; at < rounds; at += 1) {
    sendRaw(client, openSession);
    sendRaw(client, Buffer.concat([Buffer.of(97), uint32(at)]));
  }
  const shell = Buffer.concat([Buffer.of(98), uint32(rounds), text('exec'), Buffer.of(0), text('exit 3')]);
  sendRaw(client, openSession);
  sendRaw(client, shell);
  await until(() => proxy.sessions[0]!.closed.length === 1, { what: 'the command after them', deadlineMs: 60_000 });
  expect(proxy.sessions[0]!.closed[0]).toMatchObject({ channel: rounds, exitCode: 3 });
  expect(closed()).toBe(false);
});

test('requests without end are answered or dropped, and the events of a session stay bounded', async () => {
  const proxy = await startProxy({ target });
  const { client, closed } = await strange(proxy, proxy.token);
  const seen = proxy.sessions[0]!;
  sendRaw(client, openSession);
  const request = (name: string, reply: number, rest: Buffer): Buffer =>
    Buffer.concat([Buffer.of(98, 0, 0, 0, 0), text(name), Buffer.of(reply), rest]);
  for (let at = 0; at < count(300, 10_000); at += 1) {
    const name = `V${String(at)}\n\u001b]0;x`;
    sendRaw(client, request('env', at % 2, Buffer.concat([text(name), text('value')])));
    sendRaw(client, request('x11-req', 1, Buffer.alloc(0)));
    sendRaw(client, request('auth-agent-req@openssh.com', 0, Buffer.alloc(0)));
    sendRaw(client, request('nobody knows this', 1, Buffer.alloc(100)));
    sendRaw(client, Buffer.concat([Buffer.of(80), text('tcpip-forward'), Buffer.of(1), text('h'), uint32(1)]));
    sendRaw(client, Buffer.concat([Buffer.of(90), text('tun@openssh.com'), Buffer.alloc(12)]));
    const to = Buffer.concat([text(`h${String(at)}\n`), uint32(22), text('o'), uint32(1)]);
    sendRaw(client, Buffer.concat([Buffer.of(90), text('direct-tcpip'), Buffer.alloc(12), to]));
  }
  sendRaw(client, exec(0, 'true'));
  await until(() => seen.closed.length === 1, { what: 'the command after them', deadlineMs: 60_000 });
  expect(closed()).toBe(false);
  const kinds = new Set(seen.refused.map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(['agent', 'direct-tcpip', 'env', 'forwarded-tcpip', 'other', 'x11']);
  for (const kind of kinds) expect(seen.refused.filter((each) => each.kind === kind)).toHaveLength(17);
  // What drives a terminal is shown, not sent.
  expect(seen.refused.find(({ kind }) => kind === 'env')!.name).toBe('V0\\u{a}\\u{1b}]0;x');
  const named = seen.refused.filter(({ kind }) => kind === 'direct-tcpip').map(({ name }) => name);
  expect(named.every((name) => /^(h\d+\\u\{a\}:22|too many channels .*|more than 16 .*)$/.test(name))).toBe(true);
});

test('of sizes without end, few are recorded, and the last one counts', async () => {
  const proxy = await startProxy({ target });
  const { client } = await strange(proxy, proxy.token);
  const seen = proxy.sessions[0]!;
  sendRaw(client, openSession);
  const size = (columns: number): Buffer => Buffer.concat([uint32(columns), uint32(24), uint32(0), uint32(0)]);
  const request = (name: string, rest: Buffer): Buffer =>
    Buffer.concat([Buffer.of(98, 0, 0, 0, 0), text(name), Buffer.of(0), rest]);
  sendRaw(client, request('pty-req', Buffer.concat([text('xterm'), size(80), text('')])));
  sendRaw(client, exec(0, 'echo up; read line; stty size'));
  await until(() => seen.recorded > 0, { what: 'the command' });
  const rounds = 5_000;
  for (let at = 1; at <= rounds; at += 1) sendRaw(client, request('window-change', size(at)));
  const shown = (): string =>
    String(
      Buffer.concat(
        seen.records.filter(({ kind }) => kind === 'output' || kind === 'stderr').map(({ data }) => Buffer.from(data)),
      ),
    );
  const sizes = (): readonly string[] =>
    seen.records.filter(({ kind }) => kind === 'resize').map(({ data }) => String(Buffer.from(data)));
  await until(
    () =>
      sizes()
        .at(-1)
        ?.includes(`"columns":${String(rounds)}`),
    { what: 'the last size' },
  );
  expect(sizes().length).toBeLessThan(rounds / 5);
  sendRaw(client, Buffer.concat([Buffer.of(94, 0, 0, 0, 0), text('x\n')]));
  await until(() => shown().includes(`24 ${String(rounds)}`), { what: 'the size that the target has' });
});

test.each([
  ['a packet that says it is longer than any may be', Buffer.concat([Buffer.of(94), Buffer.alloc(40_000)])],
  ['a window raised beyond its end', Buffer.from([93, 0, 0, 0, 0, 255, 255, 255, 255])],
  ['a host name without an end', Buffer.concat([Buffer.of(90), text('direct-tcpip'), Buffer.alloc(16, 255)])],
  ['the close of a channel that was closed', Buffer.from([97, 0, 0, 0, 7])],
])('%s ends the connection', async (_what, payload) => {
  const proxy = await startProxy({ target });
  const { client, closed } = await strange(proxy, proxy.token);
  sendRaw(client, openSession);
  sendRaw(client, exec(0, 'sleep 60'));
  sendRaw(client, payload);
  await until(closed, { what: 'the end of the connection' });
  await until(() => proxy.sessions[0]!.ended, { what: 'the end of the session' });
});

test('data of no bytes and a host name of 300 characters change nothing', async () => {
  const proxy = await startProxy({ target, channels: { forward: ['db:1'] } });
  const { client } = await strange(proxy, proxy.token);
  const seen = proxy.sessions[0]!;
  sendRaw(client, openSession);
  const to = Buffer.concat([Buffer.of(0, 0, 1, 44), Buffer.alloc(300, 120), uint32(1), text('o'), uint32(1)]);
  sendRaw(client, Buffer.concat([Buffer.of(90), text('direct-tcpip'), Buffer.alloc(12), to]));
  sendRaw(client, exec(0, 'wc -c'));
  for (let at = 0; at < 20_000; at += 1) sendRaw(client, Buffer.from([94, 0, 0, 0, 0, 0, 0, 0, 0]));
  sendRaw(client, Buffer.from([96, 0, 0, 0, 0]));
  await until(() => seen.closed.length === 1, { what: 'the end of the command' });
  expect(seen.closed[0]).toMatchObject({ exitCode: 0, bytesReceived: 0 });
  expect(seen.refused).toEqual([{ kind: 'direct-tcpip', name: 'a host name of more than 255 characters' }]);
});
