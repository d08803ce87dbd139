import { expect, test } from 'vitest';
import { Budget } from '../../../src/proxies/ssh/budget.ts';
import { Channel } from '../../../src/proxies/ssh/channel.ts';
import type { Transport } from '../../../src/proxies/ssh/transport.ts';

function channelOver(transport: { backlog: number }): { channel: Channel; sent: Uint8Array[] } {
  const sent: Uint8Array[] = [];
  const whole: Transport = {
    send: (payload) => void sent.push(payload),
    sendData: () => undefined,
    get backlog() {
      return transport.backlog;
    },
    onDrain: () => undefined,
    disconnect: () => undefined,
    down: false,
  };
  return {
    channel: new Channel(
      whole,
      new Budget(),
      { local: 0, remote: 0, window: 1024, maxPacket: 1024 },
      64 * 1024,
      () => undefined,
    ),
    sent,
  };
}

test('data without bytes, which cost no window, are not passed on', () => {
  const { channel } = channelOver({ backlog: 0 });
  const got: Buffer[] = [];
  channel.events = { data: (_code, data) => got.push(data), eof() {}, request() {}, closed() {} };
  expect(channel.receiveData(0, Buffer.alloc(0))).toBe(true);
  expect(channel.receiveData(0, Buffer.from('x'))).toBe(true);
  expect(got.map(String)).toEqual(['x']);
});

test('signals and sizes for a peer that reads nothing are dropped, questions are not', () => {
  const transport = { backlog: 5 * 1024 * 1024 };
  const { channel, sent } = channelOver(transport);
  for (let at = 0; at < 1000; at += 1) channel.request('signal', [Buffer.alloc(30_000)]);
  expect(sent).toEqual([]);
  channel.request('shell', [], () => undefined);
  expect(sent).toHaveLength(1);
  transport.backlog = 0;
  channel.request('signal', ['INT']);
  expect(sent).toHaveLength(2);
});

test('writes without bytes do not wait behind a blocked channel; only `flushed` does', async () => {
  const { channel } = channelOver({ backlog: 5 * 1024 * 1024 });
  channel.write(0, Buffer.from('waits'), () => undefined);
  let gone = 0;
  for (let at = 0; at < 1000; at += 1) channel.write(0, Buffer.alloc(0), () => (gone += 1));
  expect(gone).toBe(1000);
  let flushed = false;
  const flushing = channel.flushed().then(() => (flushed = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(flushed).toBe(false);
  channel.gone();
  await flushing;
});
