import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openReadOnlyLog } from '../../../src/adapters/sqlite/event-log.ts';
import type { LogWarning } from '../../../src/adapters/sqlite/log-batch.ts';
import { eventCatalogue } from '../../../src/application/event-catalogue.ts';
import { eventLogContract } from '../../contract/event-log.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { event, logOptions, metadata, nodeStream, openLog, personKeys } from './log-kit.ts';

eventLogContract('sqlite', () => openLog(tempDir()));

const user = 'user-11111111-1111-4111-8111-111111111111';

test('files of the log are private to their owner', async () => {
  const folder = join(tempDir(), 'data');
  const log = await openLog(folder);
  await log.append(nodeStream(), 0, [event()]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const file of ['log.sqlite', 'log.sqlite-wal']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
});

test('personal fields are sealed in the file, open in memory and shredded with their key', async () => {
  const folder = tempDir();
  const keys = personKeys();
  const log = await openLog(folder, { personKeys: keys });
  const created = event('UserCreated', { name: 'Ann Example', nameKey: 'k', email: null });
  await log.append(user, 0, [created]);
  expect((await log.readStream(user))[0]!.data).toEqual(created.data);
  const onDisk = (): string =>
    readFileSync(join(folder, 'log.sqlite'), 'latin1') + readFileSync(join(folder, 'log.sqlite-wal'), 'latin1');
  expect(onDisk()).toContain('"sealed"');
  expect(onDisk()).not.toContain('Ann Example');
  keys.destroy(user);
  expect((await log.readStream(user))[0]!.data).toEqual({ name: { shredded: true }, nameKey: 'k', email: null });
  await log.append(user, 1, [event('UserEmailSet', { email: 'ann@example.org' })]);
  expect((await log.readStream(user))[1]!.data).toEqual({ email: { shredded: true } });
  expect(onDisk()).not.toContain('ann@example.org');
});

test('a sealed field that was moved to another event does not open', async () => {
  const folder = tempDir();
  const log = await openLog(folder);
  await log.append(user, 0, [event('UserEmailSet', { email: 'a' }), event('UserEmailSet', { email: 'b' })]);
  const database = new Database(join(folder, 'log.sqlite'));
  database.exec('UPDATE events SET data = (SELECT data FROM events WHERE position = 1) WHERE position = 2');
  database.close();
  await expect(log.readStream(user)).rejects.toMatchObject({
    kind: 'integrity',
    message: expect.stringContaining('0000000000000002'),
  });
});

test.each([
  ['undefined', { a: undefined }, 'event-not-json'],
  ['a bigint', { a: 1n }, 'event-not-json'],
  ['bytes', { a: Buffer.from('x') }, 'event-not-json'],
  ['a date', { a: [new Date(0)] }, 'event-not-json'],
  ['NaN', { a: Number.NaN }, 'event-not-json'],
  ['a function', { a: () => 1 }, 'event-not-json'],
  ['no object', 'text', 'event-not-json'],
  ['too much', { a: 'x'.repeat(1_100_000) }, 'event-too-large'],
  ['a token', { a: { b: [`spt_${'a1B2'.repeat(8)}`] } }, 'secret-in-event'],
  ['a bearer', { a: `Bearer spl_${'a1B2'.repeat(8)}` }, 'secret-in-event'],
  ['a private key', { a: '-----BEGIN OPENSSH PRIVATE KEY-----\nx' }, 'secret-in-event'],
  ['a password hash', { a: '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA' }, 'secret-in-event'],
  ['a secret as a key', { [`spt_${'a1B2'.repeat(8)}`]: 1 }, 'secret-in-event'],
])('an event with %s is refused, and nothing of the append stays', async (_, data, code) => {
  const log = await openLog(tempDir());
  await expect(log.append(nodeStream(), 0, [event(), event('NodeStarted', data)])).rejects.toMatchObject({ code });
  expect(await log.readAll({ after: null, limit: 5 })).toEqual([]);
});

test('a secret in a personal field is refused before it is sealed', async () => {
  const log = await openLog(tempDir());
  const append = log.append(user, 0, [event('UserEmailSet', { email: `spt_${'a1B2'.repeat(8)}` })]);
  await expect(append).rejects.toMatchObject({ kind: 'integrity', code: 'secret-in-event' });
});

test('older schema versions are read in the newest one', async () => {
  const folder = tempDir();
  const old = await openLog(folder);
  const stream = nodeStream();
  await old.append(stream, 0, [event()]);
  const catalogue = {
    ...eventCatalogue,
    NodeStarted: {
      version: 3,
      upcasts: { 1: (d: object) => ({ ...d, two: 2 }), 2: (d: object) => ({ ...d, three: 3 }) },
    },
  };
  const log = openReadOnlyLog(logOptions(folder, { catalogue }));
  expect(await log.readStream(stream)).toMatchObject([{ schemaVersion: 3, data: { version: '1', two: 2, three: 3 } }]);
  await log.close();
});

test('an event that cannot be read parks its stream; others go on', async () => {
  const folder = tempDir();
  const warnings: LogWarning[] = [];
  const catalogue = { ...eventCatalogue, Odd: { version: 1 } };
  const writer = await openLog(folder, { catalogue });
  const [poisoned, sound] = [nodeStream(), nodeStream()];
  await writer.append(poisoned, 0, [event(), event('Odd'), event()]);
  await writer.append(sound, 0, [event()]);
  const log = await openLog(folder, { onWarning: (warning) => warnings.push(warning) });
  await expect(log.readStream(poisoned)).rejects.toMatchObject({
    kind: 'integrity',
    message: expect.stringContaining('0000000000000002'),
  });
  await expect(log.readAll({ after: null, limit: 9 })).rejects.toMatchObject({ code: 'event-unreadable' });
  expect(await log.newestAt()).toBe(metadata().at);
  const control = new AbortController();
  const seen: string[] = [];
  for await (const item of log.subscribeAll({ after: null, signal: control.signal })) {
    if (item.kind === 'events') seen.push(...item.events.map(({ position }) => position));
    else control.abort();
  }
  expect(seen.map(Number)).toEqual([1, 4]);
  expect(warnings).toMatchObject([{ code: 'event-unreadable' }]);
});

test('a position beyond the end of the log is an error, not silence', async () => {
  const log = await openLog(tempDir());
  const subscription = log.subscribeAll({ after: '0000000000000007', signal: new AbortController().signal });
  await expect(subscription[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'position-beyond-head' });
  await expect(log.readAll({ after: 'x', limit: 1 })).rejects.toMatchObject({ code: 'bad-position' });
});

test('after closing, appends are refused and subscriptions have ended', async () => {
  const folder = tempDir();
  const log = await openLog(folder);
  const items = log.subscribeAll({ after: null, signal: new AbortController().signal })[Symbol.asyncIterator]();
  await items.next();
  const next = items.next();
  const last = log.append(nodeStream(), 0, [event()]);
  await log.close();
  expect(await last).toMatchObject({ ok: true });
  expect(['events', undefined]).toContain((await next).value?.kind);
  await expect(log.head()).rejects.toMatchObject({ code: 'log-unavailable' });
  await expect(log.append(nodeStream(), 0, [event()])).rejects.toMatchObject({
    kind: 'unavailable',
    code: 'log-unavailable',
  });
});
