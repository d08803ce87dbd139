import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { EventLog, NewEvent, SubscriptionItem } from '../../src/application/ports/event-log.ts';
import type { StoredEvent } from '../../src/domain/kernel/event.ts';
import type { StreamId } from '../../src/domain/kernel/ids.ts';

function made(version: string, at = '2026-01-02T03:04:05.678Z', id: string = randomUUID()): NewEvent {
  const metadata = { at, actor: { kind: 'system', nodeId: null }, correlationId: 'c', causationId: null } as const;
  return { id, type: 'NodeStarted', data: { bootId: 'b', version }, metadata };
}

const newStream = (): StreamId => `node-${randomUUID()}`;

/** Collects a subscription until `enough`, then ends it. */
async function take(
  log: EventLog,
  from: Omit<Parameters<EventLog['subscribeAll']>[0], 'signal'>,
  enough: (events: readonly StoredEvent[], items: readonly SubscriptionItem[]) => boolean,
): Promise<{ readonly events: StoredEvent[]; readonly items: SubscriptionItem[] }> {
  const control = new AbortController();
  const events: StoredEvent[] = [];
  const items: SubscriptionItem[] = [];
  for await (const item of log.subscribeAll({ ...from, signal: control.signal })) {
    items.push(item);
    if (item.kind === 'events') events.push(...item.events);
    if (enough(events, items)) control.abort();
  }
  return { events, items };
}

/** What every implementation of the port holds. `open` gives a log that is empty and closed by the test's end. */
export function eventLogContract(name: string, open: () => Promise<EventLog>): void {
  test(`${name}: an append is read back as it was given`, async () => {
    const log = await open();
    const stream = newStream();
    const events = [made('ä\u0000"\ud83d\ude00'), made('2')];
    const result = await log.append(stream, 0, events);
    if (!result.ok) throw new Error('conflict');
    expect(result.version).toBe(2);
    const read = await log.readStream(stream);
    expect(read).toEqual(result.events);
    expect(read.map(({ id, data, metadata }) => ({ id, data, metadata }))).toEqual(
      events.map(({ id, data, metadata }) => ({ id, data, metadata })),
    );
    expect(read.map(({ streamVersion }) => streamVersion)).toEqual([1, 2]);
    expect(result.position).toBe(read[1]!.position);
    expect(await log.head()).toBe(result.position);
    expect(await log.readStream(newStream())).toEqual([]);
  });

  test(`${name}: a stream is read page by page, and events by their positions`, async () => {
    const log = await open();
    const stream = newStream();
    for (let n = 0; n < 5; n += 1) {
      await log.append(newStream(), 0, [made('other')]);
      await log.append(stream, n, [made(String(n))]);
    }
    const all = await log.readStream(stream);
    const first = await log.readStream(stream, { after: null, limit: 2 });
    const second = await log.readStream(stream, { after: first.at(-1)?.position ?? null, limit: 2 });
    expect([...first, ...second]).toEqual(all.slice(0, 4));
    expect(await log.readStream(stream, { after: await log.head(), limit: 2 })).toEqual([]);
    const positions = [all[3]!.position, all[1]!.position];
    expect(await log.readAt(positions)).toEqual([all[1], all[3]]);
    expect(await log.readAt([])).toEqual([]);
  });

  test(`${name}: a probe appends nothing`, async () => {
    const log = await open();
    await log.append(newStream(), 0, [made('1')]);
    const head = await log.head();
    await Promise.all([log.probe(), log.append(newStream(), 0, [made('2')]), log.probe()]);
    expect(await log.readAll({ after: head, limit: 10 })).toHaveLength(1);
  });

  test(`${name}: a wrong expected version is a conflict and appends nothing`, async () => {
    const log = await open();
    const stream = newStream();
    await log.append(stream, 0, [made('1'), made('2')]);
    expect(await log.append(stream, 1, [made('x')])).toEqual({ ok: false, actualVersion: 2 });
    expect(await log.append(stream, 3, [made('x')])).toEqual({ ok: false, actualVersion: 2 });
    expect(await log.append(stream, 0, [made('x')])).toEqual({ ok: false, actualVersion: 2 });
    expect(await log.append(newStream(), 1, [made('x')])).toEqual({ ok: false, actualVersion: 0 });
    expect(await log.readStream(stream)).toHaveLength(2);
  });

  test(`${name}: the same events at the same place again are acknowledged once more`, async () => {
    const log = await open();
    const stream = newStream();
    const events = [made('1'), made('2')];
    const [first, twin] = await Promise.all([log.append(stream, 0, events), log.append(stream, 0, events)]);
    await log.append(stream, 2, [made('3')]);
    expect(twin).toEqual(first);
    expect(await log.append(stream, 0, events)).toEqual(first);
    expect(await log.append(stream, 0, [...events].reverse())).toEqual({ ok: false, actualVersion: 3 });
    expect(await log.append(stream, 0, events.slice(0, 1))).toMatchObject({ ok: true, version: 1 });
    expect(await log.readStream(stream)).toHaveLength(3);
  });

  test(`${name}: an event id is taken once, and nothing of the append stays`, async () => {
    const log = await open();
    const known = made('1');
    await log.append(newStream(), 0, [known]);
    const stream = newStream();
    const twice = made('2');
    const others = [log.append(newStream(), 0, [made('a')]), log.append(newStream(), 0, [made('b')])];
    for (const events of [
      [made('x'), known],
      [twice, twice],
    ]) {
      await expect(log.append(stream, 0, events)).rejects.toMatchObject({
        kind: 'integrity',
        code: 'duplicate-event-id',
      });
    }
    expect(await Promise.all(others)).toMatchObject([{ ok: true }, { ok: true }]);
    expect(await log.readStream(stream)).toEqual([]);
    expect(await log.append(stream, 0, [made('y')])).toMatchObject({ ok: true, version: 1 });
    expect(await log.readAll({ after: null, limit: 100 })).toHaveLength(4);
  });

  test(`${name}: an unknown type is refused`, async () => {
    const log = await open();
    const append = log.append(newStream(), 0, [{ ...made('1'), type: 'Nonsense' }]);
    await expect(append).rejects.toMatchObject({ kind: 'invalid', code: 'unknown-event-type' });
    expect(await log.newestAt()).toBeNull();
  });

  test(`${name}: positions sort, page and filter`, async () => {
    const log = await open();
    const empty = await log.head();
    expect(await log.readAll({ after: null, limit: 5 })).toEqual([]);
    const stream = newStream();
    for (let n = 0; n < 12; n += 1) await log.append(stream, n, [made(String(n))]);
    const revoked = { ...made('x', '2026-01-02T03:04:06.000Z'), type: 'NodeStopped', data: { bootId: 'b' } };
    await log.append(`session-${randomUUID()}`, 0, [revoked]);
    const all = await log.readAll({ after: empty, limit: 100 });
    const positions = all.map(({ position }) => position);
    expect(all).toHaveLength(13);
    expect([...positions].sort()).toEqual(positions);
    expect(new Set(positions.map(({ length }) => length)).size).toBe(1);
    expect(await log.readAll({ after: positions[3]!, limit: 4 })).toEqual(all.slice(4, 8));
    const read = (filter: object): Promise<readonly StoredEvent[]> => log.readAll({ after: null, limit: 20, filter });
    expect(await read({ categories: ['session'] })).toEqual(all.slice(12));
    expect(await read({ types: ['NodeStarted'] })).toEqual(all.slice(0, 12));
    expect(await read({ categories: ['node'], types: ['NodeStopped'] })).toEqual([]);
    expect(await log.newestAt()).toBe('2026-01-02T03:04:06.000Z');
  });

  test(`${name}: 64 writers on their own and on one stream lose and double nothing`, async () => {
    const log = await open();
    const shared = newStream();
    await Promise.all(
      Array.from({ length: 64 }, async (_, writer) => {
        const own = newStream();
        for (let n = 0; n < 5; n += 1) {
          expect(await log.append(own, n, [made(String(n))])).toMatchObject({ ok: true, version: n + 1 });
        }
        for (let version = 0; ; ) {
          const result = await log.append(shared, version, [made(String(writer))]);
          if (result.ok) break;
          version = result.actualVersion;
        }
      }),
    );
    const events = await log.readStream(shared);
    expect(events.map(({ streamVersion }) => streamVersion)).toEqual(Array.from({ length: 64 }, (_, n) => n + 1));
    expect(new Set(events.map(({ data }) => (data as { version: string }).version)).size).toBe(64);
    expect(await log.readAll({ after: null, limit: 1_000 })).toHaveLength(64 * 6);
  });

  test(`${name}: a subscription catches up, goes on live and resumes without gap or repeat`, async () => {
    const log = await open();
    const stream = newStream();
    for (let n = 0; n < 3; n += 1) await log.append(stream, n, [made(String(n))]);
    const writing = (async () => {
      for (let n = 3; n < 1_300; n += 50) {
        await log.append(
          stream,
          n,
          Array.from({ length: 50 }, (_, more) => made(String(n + more))),
        );
      }
    })();
    const first = await take(log, { after: null }, (events) => events.length >= 700);
    const rest = await take(
      log,
      { after: first.events.at(-1)!.position },
      (events) => events.at(-1)?.streamVersion === 1_303,
    );
    await writing;
    const versions = [...first.events, ...rest.events].map(({ streamVersion }) => streamVersion);
    expect(versions).toEqual(Array.from({ length: 1_303 }, (_, n) => n + 1));
  });

  test(`${name}: caught-up names the place up to which everything was given, also past a filter`, async () => {
    const log = await open();
    const isCaughtUp = (_: unknown, items: readonly SubscriptionItem[]): boolean => items.at(-1)?.kind === 'caught-up';
    const nothing = await take(log, { after: null }, isCaughtUp);
    expect(nothing.items).toEqual([{ kind: 'caught-up', position: await log.head() }]);
    await log.append(newStream(), 0, [made('1'), made('2')]);
    const filtered = await take(log, { after: null, filter: { types: ['NodeStopped'] } }, isCaughtUp);
    expect(filtered.items).toEqual([{ kind: 'caught-up', position: await log.head() }]);
    const all = await take(log, { after: null }, isCaughtUp);
    expect(all.items.map(({ kind }) => kind)).toEqual(['events', 'caught-up']);
  });

  test(`${name}: a subscription that waits ends with its signal`, async () => {
    const log = await open();
    const control = new AbortController();
    const subscription = log.subscribeAll({ after: null, signal: control.signal })[Symbol.asyncIterator]();
    expect(await subscription.next()).toMatchObject({ value: { kind: 'caught-up' } });
    const next = subscription.next();
    control.abort();
    expect(await next).toEqual({ done: true, value: undefined });
  });
}
