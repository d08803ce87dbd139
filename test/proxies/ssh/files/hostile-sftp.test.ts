import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../../../kit/openssh.ts';
import { until } from '../../../kit/until.ts';
import { startProxy, type TestTarget, targetOf } from '../proxy-kit.ts';
import { type Raw, sendRaw, standsStill, strange, text } from '../raw-client.ts';
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

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

test('requests that are answered here are taken no faster than their answers are', async () => {
  const proxy = await startProxy({ target });
  const { client, closed } = await strange(proxy, proxy.token);
  const seen = proxy.sessions[0]!;
  let window = 64 * 1024;
  let pump = (): void => {};
  (client as unknown as Raw)._protocol._handlers.CHANNEL_WINDOW_ADJUST = (_protocol, _channel, bytes) => {
    window += bytes;
    pump();
  };
  const nothing = uint32(0);
  sendRaw(client, Buffer.concat([Buffer.of(90), text('session'), nothing, nothing, uint32(32 * 1024)]));
  sendRaw(client, Buffer.concat([Buffer.of(98), nothing, text('subsystem'), Buffer.of(0), text('sftp')]));
  const rounds = 4_000;
  const some = Buffer.concat([
    ...Array.from({ length: 50 }, (_, id) => sftp.close(id, '')),
    sftp.read(60, 'h', 0, 9),
    sftp.onPath(8, 61, 'h'),
  ]);
  const wishes = 52;
  let sent = 0;
  const data = (bytes: Buffer): void => {
    window -= bytes.length;
    sendRaw(client, Buffer.concat([Buffer.of(94), nothing, uint32(bytes.length), bytes]));
  };
  data(sftp.init());
  pump = () => {
    for (; sent < rounds && window >= some.length; sent += 1) data(some);
  };
  pump();
  await until(() => seen.received > 40_000, { what: 'the requests' });
  await standsStill(() => seen.received);
  expect(seen.received).toBeLessThan(256 * 1024);
  expect(seen.sent).toBe(0);
  // A client that reads again gets every answer, and all its requests are taken.
  sendRaw(client, Buffer.concat([Buffer.of(93), nothing, uint32(0x7fff_ffff)]));
  const answers = rounds * wishes * 50;
  await until(() => seen.sent > answers, { what: 'the answers', deadlineMs: 60_000 });
  expect(sent).toBe(rounds);
  expect(closed()).toBe(false);
}, 90_000);
