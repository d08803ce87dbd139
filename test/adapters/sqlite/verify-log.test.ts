import { generateKeyPairSync } from 'node:crypto';
import { copyFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { idText } from '../../../src/adapters/sqlite/event-decoding.ts';
import { openEventLog } from '../../../src/adapters/sqlite/event-log.ts';
import { eventLeafHash } from '../../../src/application/audit/event-leaf.ts';
import { MerkleEdge } from '../../../src/application/audit/merkle-tree.ts';
import { signCheckpoint } from '../../../src/application/audit/checkpoint.ts';
import { verifyLog } from '../../../src/adapters/sqlite/verify-log.ts';
import { launch, runProcess } from '../../kit/process.ts';
import { makeTempDir, tempDir } from '../../kit/temp-dir.ts';
import { event, logOptions, nodeStream, openLog, signer } from './log-kit.ts';

const { publicKey } = signer;
let original = '';
let early = '';

beforeAll(async () => {
  const dir = makeTempDir();
  original = dir.path;
  const [one, two] = [nodeStream(), nodeStream()];
  for (const half of [0, 5]) {
    const log = await openEventLog(logOptions(original));
    for (let n = half; n < half + 5; n += 1) {
      await log.append(one, 2 * n, [event(), event()]);
      await log.append(two, n, [event()]);
    }
    await log.close();
    if (half === 0) early = readFileSync(join(original, 'log.checkpoint'), 'utf8');
  }
  return dir.remove;
});

/** A copy of the log, changed by SQL. */
function changed(...sql: readonly string[]): string {
  const folder = tempDir();
  cpSync(original, folder, { recursive: true });
  const database = new Database(join(folder, 'log.sqlite'));
  for (const statement of sql) database.exec(statement);
  database.close();
  return folder;
}

test('an untouched log holds, and says size and root', async () => {
  const result = await verifyLog({ folder: changed(), publicKey, checkpoint: early });
  expect(result).toEqual({ ok: true, size: 30, root: expect.stringMatching(/^.{43}=$/), checkpoint: 30 });
  const [origin, size, root] = readFileSync(join(original, 'log.checkpoint'), 'utf8').split('\n');
  expect([origin, size, root]).toEqual(['sallyport/test', '30', result.ok ? result.root : '']);
});

const swapEvents = ['stream', 'version', 'id', 'type', 'metadata', 'data'];
const both = (columns: readonly string[], a: number, b: number): string[] => [
  `CREATE TABLE kept AS SELECT * FROM events WHERE position IN (${a}, ${b})`,
  'DROP INDEX events_by_id; DROP INDEX events_by_stream',
  ...[
    [a, b],
    [b, a],
  ].map(
    ([to, from]) =>
      `UPDATE events SET (${columns.join()}) = (SELECT ${columns.join()} FROM kept WHERE position = ${from}) WHERE position = ${to}`,
  ),
  'CREATE UNIQUE INDEX events_by_stream ON events (stream, version); CREATE UNIQUE INDEX events_by_id ON events (id)',
];

test.each([
  ['one byte of the data', 17, 'changed', [`UPDATE events SET data = replace(data, '"1"', '"2"') WHERE position = 17`]],
  [
    'one byte of the metadata',
    17,
    'changed',
    [`UPDATE events SET metadata = replace(metadata, '"c"', '"d"') WHERE position = 17`],
  ],
  ['white space in the data', 17, 'changed', [`UPDATE events SET data = data || ' ' WHERE position = 17`]],
  ['a type', 1, 'changed', [`UPDATE events SET type = 'NodeStopped' WHERE position = 1`]],
  [
    'a stream',
    30,
    'changed',
    [`UPDATE events SET stream = 'node-11111111-1111-4111-8111-111111111111' WHERE position = 30`],
  ],
  ['an id', 30, 'changed', ['UPDATE events SET id = zeroblob(16) WHERE position = 30']],
  [
    'the boundary of two fields',
    9,
    'changed',
    ['UPDATE events SET type = type || substr(metadata, 1, 1), metadata = substr(metadata, 2) WHERE position = 9'],
  ],
  ['a removed event', 12, 'missing', ['DELETE FROM events WHERE position = 12']],
  ['a removed first event', 1, 'missing', ['DELETE FROM events WHERE position = 1']],
  [
    'a removed event, the others moved up',
    12,
    'changed',
    [
      'DELETE FROM events WHERE position = 12',
      'UPDATE events SET position = -position WHERE position > 12',
      'UPDATE events SET position = -position - 1 WHERE position < 0',
    ],
  ],
  ['two swapped events', 14, 'changed', both(swapEvents, 14, 20)],
  ['a removed last event', 30, 'cut-tail', ['DELETE FROM events WHERE position = 30']],
  [
    'a removed last event and its checkpoint',
    30,
    'missing',
    ['DELETE FROM events WHERE position = 30; DELETE FROM checkpoints WHERE size = 30'],
  ],
  [
    'an added event',
    31,
    'unexpected',
    [`INSERT INTO events SELECT 31, stream, 99, zeroblob(16), type, metadata, data FROM events WHERE position = 30`],
  ],
  ['a wrong leaf hash', 4, 'changed', ['UPDATE leaf_runs SET hashes = zeroblob(length(hashes)) WHERE first = 4']],
  ['a lost run of leaf hashes', 4, 'tree', ['DELETE FROM leaf_runs WHERE first = 4']],
  ['another right edge', 30, 'tree', ['UPDATE tree SET edge = zeroblob(length(edge))']],
  ['another size', 31, 'missing', ['UPDATE tree SET size = 31']],
  [
    'a checkpoint whose signature is wrong',
    15,
    'checkpoint-signature',
    [`UPDATE checkpoints SET note = replace(note, '15', '16') WHERE size = 15`],
  ],
  [
    'a checkpoint stored for another size',
    14,
    'checkpoint-signature',
    ['UPDATE checkpoints SET size = 14 WHERE size = 15'],
  ],
])('%s is found and named', async (_, place, problem, sql) => {
  const result = await verifyLog({ folder: changed(...sql), publicKey });
  expect(result).toMatchObject({ ok: false, problem, position: String(place).padStart(16, '0') });
});

/** Removes the tail and mends all that is not signed, as somebody with the rights to the file would. */
async function cutAt(size: number): Promise<string> {
  const folder = changed(
    `DELETE FROM events WHERE position > ${size}; DELETE FROM leaf_runs WHERE first > ${size}; DELETE FROM checkpoints WHERE size > ${size}`,
  );
  const database = new Database(join(folder, 'log.sqlite'));
  const tree = MerkleEdge.empty();
  for (const { hashes } of database
    .prepare<[], { hashes: Buffer }>('SELECT hashes FROM leaf_runs ORDER BY first')
    .all()) {
    for (let at = 0; at < hashes.length; at += 32) tree.push(hashes.subarray(at, at + 32));
  }
  database.prepare('UPDATE tree SET size = ?, edge = ?').run(size, tree.toBytes());
  database.close();
  return folder;
}

test('a cut tail that was mended everywhere is found by a checkpoint kept elsewhere', async () => {
  const folder = await cutAt(21);
  expect(await verifyLog({ folder, publicKey })).toMatchObject({ ok: true, size: 21 });
  const checkpoint = readFileSync(join(original, 'log.checkpoint'), 'utf8');
  const result = await verifyLog({ folder, publicKey, checkpoint });
  expect(result).toMatchObject({ ok: false, problem: 'cut-tail', position: '0000000000000022' });
});

test('opening a log that is shorter than its checkpoint file warns', async () => {
  const codes: string[] = [];
  const log = await openLog(await cutAt(21), { onWarning: ({ code }) => codes.push(code) });
  await log.close();
  expect(codes).toContain('log-shorter-than-checkpoint');
});

test('a rewritten log is found by the roots that were signed', async () => {
  const other = tempDir();
  const log = await openEventLog(logOptions(other));
  for (let n = 0; n < 30; n += 1) await log.append(nodeStream(), 0, [event()]);
  await log.close();
  const result = await verifyLog({ folder: other, publicKey, checkpoint: early });
  expect(result).toMatchObject({ ok: false, problem: 'checkpoint-root', position: '0000000000000001' });
});

test('an event whose number does not follow in its stream is named, even when the tree is right', async () => {
  const folder = tempDir();
  const log = await openEventLog(logOptions(folder));
  const stream = nodeStream();
  await log.append(stream, 0, [event()]);
  await log.close();
  const database = new Database(join(folder, 'log.sqlite'));
  database.exec('UPDATE events SET version = 2');
  const row = database.prepare<[], { type: string; metadata: string; data: string }>('SELECT * FROM events').get()!;
  const id = idText(database.prepare<[], Buffer>('SELECT id FROM events').pluck().get()!);
  const leaf = eventLeafHash({ ...row, stream, streamVersion: 2, id });
  database.prepare('UPDATE leaf_runs SET hashes = ?').run(leaf);
  database.prepare('UPDATE tree SET edge = ?').run(leaf);
  database.prepare('UPDATE checkpoints SET note = ?').run(signCheckpoint(1, leaf, signer));
  database.close();
  expect(await verifyLog({ folder, publicKey })).toMatchObject({
    problem: 'stream-version',
    position: '0000000000000001',
  });
});

test.each([
  ['no checkpoint', 'nonsense'],
  [
    'a checkpoint by another key',
    signCheckpoint(5, Buffer.alloc(32), { ...generateKeyPairSync('ed25519'), origin: 'sallyport/test' }),
  ],
])('given %s, nothing is called sound', async (_, checkpoint) => {
  expect(await verifyLog({ folder: changed(), publicKey, checkpoint })).toMatchObject({
    ok: false,
    problem: 'checkpoint-signature',
  });
});

test('bytes of the file that are torn are a finding too', async () => {
  const folder = changed();
  const file = join(folder, 'log.sqlite');
  const bytes = readFileSync(file);
  const at = bytes.lastIndexOf('NodeStarted');
  bytes.fill(0xff, at - (at % 4096), at - (at % 4096) + 64);
  writeFileSync(file, bytes);
  expect(await verifyLog({ folder, publicKey })).toMatchObject({ ok: false });
});

test('a running log is verified beside its writers', async () => {
  const folder = tempDir();
  const log = await openLog(folder);
  const streams = Array.from({ length: 20 }, nodeStream);
  let stop = false;
  const writing = Promise.all(
    streams.map(async (stream) => {
      for (let n = 0; !stop; n += 1) await log.append(stream, n, [event()]);
    }),
  );
  for (let round = 0; round < 3; round += 1) expect(await verifyLog({ folder, publicKey })).toMatchObject({ ok: true });
  stop = true;
  await writing;
});

test('a log on a read-only file system is verified', async () => {
  const [folder, mounted] = [changed(), join(tempDir(), 'ro')];
  // A WAL that was left behind holds events too.
  const log = await openEventLog(logOptions(folder));
  await log.append(nodeStream(), 0, [event()]);
  const left = tempDir();
  for (const file of ['log.sqlite', 'log.sqlite-wal']) copyFileSync(join(folder, file), join(left, file));
  await log.close();
  mkdirSync(mounted);
  const mount = await runProcess('mount', ['--bind', '-o', 'ro', left, mounted]);
  expect(mount, 'mounting takes root').toMatchObject({ code: 0 });
  onTestFinished(async () => {
    await launch('umount', [mounted]).exited;
  });
  expect(await verifyLog({ folder: mounted, publicKey })).toMatchObject({ ok: true, size: 31 });
});
