import { expect, test } from 'vitest';
import { serverSentEvents } from '../../web/src/graphql/event-stream.ts';

const text =
  ': hello\n\nevent: next\ndata: {"a":"ü"}\n\nevent: next\r\ndata: one\r\ndata: two\r\n\r\nevent: complete\n\n';

async function read(pieces: readonly Uint8Array<ArrayBuffer>[]): Promise<unknown[]> {
  const body = new ReadableStream<BufferSource>({
    start: (controller) => {
      for (const piece of pieces) controller.enqueue(piece);
      controller.close();
    },
  });
  const events = [];
  for await (const event of serverSentEvents(body)) events.push(event);
  return events;
}

test('the events of a stream are the same however it is cut', async () => {
  const bytes = new TextEncoder().encode(text);
  const whole = await read([bytes]);
  expect(whole).toEqual([
    { event: '', data: '' },
    { event: 'next', data: '{"a":"ü"}' },
    { event: 'next', data: 'one\ntwo' },
    { event: 'complete', data: '' },
  ]);
  for (let at = 1; at < bytes.length; at += 1) {
    expect(await read([bytes.subarray(0, at), bytes.subarray(at)]), `cut at ${at}`).toEqual(whole);
  }
});
