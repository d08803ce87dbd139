import { expect, it } from 'vitest';
import { FoldedStreams } from '../../../src/application/commands/folded-streams.ts';
import type { EventLog } from '../../../src/application/ports/event-log.ts';
import type { StoredEvent } from '../../../src/domain/kernel/event.ts';
import { type StreamId, streamId } from '../../../src/domain/kernel/ids.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

/** A log whose streams are as long as `lengths` says; `read` counts the events given. */
function logOf(lengths: Map<StreamId, number>): { readonly log: EventLog; read: number } {
  const counter = { read: 0 };
  const readStream: EventLog['readStream'] = async (stream, page) => {
    const first = Number(page?.after ?? 0);
    const length = Math.min(page?.limit ?? Infinity, (lengths.get(stream) ?? 0) - first);
    counter.read += length;
    return Array.from({ length }, (_, at) => ({ position: String(first + at + 1) }) as StoredEvent);
  };
  return Object.assign(counter, { log: { readStream } as EventLog });
}

const counting = () => new FoldedStreams<number, StoredEvent>({ initial: 0, evolve: (sum) => sum + 1 });

it('folds page by page, then only what is new, also when two read at once', async () => {
  const stream = streamId('token', uuid(1));
  const lengths = new Map([[stream, 1_700]]);
  const log = logOf(lengths);
  const folded = counting();
  const both = await Promise.all([folded.read(log.log, stream), folded.read(log.log, stream)]);
  expect(both.map(({ state, version }) => [state, version])).toEqual([
    [1_700, 1_700],
    [1_700, 1_700],
  ]);
  log.read = 0;
  lengths.set(stream, 1_703);
  expect(await folded.read(log.log, stream)).toMatchObject({ state: 1_703, version: 1_703 });
  expect(log.read).toBe(3);
});

it('keeps a thousand streams, those read last, and nothing of one that is empty', async () => {
  const streams = Array.from({ length: 1_001 }, (_, n) => streamId('token', uuid(n)));
  const log = logOf(new Map(streams.map((stream) => [stream, 1])));
  const folded = counting();
  for (const stream of streams) await folded.read(log.log, stream);
  await folded.read(log.log, streamId('token', uuid(5_000)));
  log.read = 0;
  for (const stream of streams.slice(1)) await folded.read(log.log, stream);
  expect(log.read).toBe(0);
  expect(await folded.read(log.log, streams[0] ?? streamId('token', uuid(0)))).toMatchObject({ version: 1 });
  expect(log.read).toBe(1);
});

it('keeps 50,000 events in all, and the stream read last however long it is', async () => {
  const [small, long] = [streamId('token', uuid(1)), streamId('token', uuid(2))];
  const log = logOf(
    new Map([
      [small, 10],
      [long, 50_000],
    ]),
  );
  const folded = counting();
  await folded.read(log.log, small);
  await folded.read(log.log, long);
  log.read = 0;
  await folded.read(log.log, long);
  expect(log.read).toBe(0);
  await folded.read(log.log, small);
  expect(log.read).toBe(10);
});
