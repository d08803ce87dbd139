import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sqliteViewStores } from '../../../src/adapters/sqlite/view-store.ts';
import type { EventLog } from '../../../src/application/ports/event-log.ts';
import type { ViewStore, ViewStores } from '../../../src/application/ports/view-store.ts';
import type { Row, ViewDefinition } from '../../../src/application/ports/views.ts';
import { type Projector, startProjector } from '../../../src/projections/kit/projector.ts';
import { type MemoryLog, memoryLog } from '../../kit/memory-log.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';
import { uuid } from './histories.ts';
import { numbersView, type NumberRow, started } from './numbers-view.ts';
import { append } from './open.ts';

const generous = 15_000;
const warnings: string[] = [];

async function start(log: EventLog, stores: ViewStores, view = numbersView()): Promise<Projector<NumberRow>> {
  const projector = await startProjector(view, { log, stores, onWarning: (message) => warnings.push(message) });
  onTestFinished(() => projector.close());
  return projector;
}

async function logOf(streams: number): Promise<MemoryLog> {
  const log = memoryLog();
  for (let stream = 1; stream <= streams; stream += 1) await append(log, started(stream, 0));
  return log;
}

/** Stores whose `write` and `finish` fail while `full` is set, as on a full disk. */
function fillable(stores: ViewStores): ViewStores & { full: boolean } {
  const disk = { full: false };
  const check = (): void => {
    if (disk.full) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  };
  const wrap = <R extends Row>(store: ViewStore<R>): ViewStore<R> => ({
    building: () => store.building(),
    checkpoint: () => store.checkpoint(),
    newestAt: () => store.newestAt(),
    parked: () => store.parked(),
    load: (keys) => store.load(keys),
    recall: (streams) => store.recall(streams),
    serving: () => store.serving(),
    all: () => store.all(),
    close: () => store.close(),
    write: (changes) => {
      check();
      return store.write(changes);
    },
    finish: () => {
      check();
      store.finish();
    },
  });
  return Object.assign(disk, {
    open: <R extends Row>(view: ViewDefinition<R>, warn: (message: string) => void) => wrap(stores.open(view, warn)),
    openAfresh: <R extends Row>(view: ViewDefinition<R>, warn: (message: string) => void) =>
      wrap(stores.openAfresh(view, warn)),
  });
}

test('a view that is not built yet refuses to be read, and serves once it is', async () => {
  const log = await logOf(3);
  const view = await start(log, sqliteViewStores(tempDir()));
  expect(() => view.find({ limit: 1 })).toThrow(expect.objectContaining({ code: 'view-unavailable' }));
  await view.reached(await log.head(), generous);
  expect(view.count()).toBe(3);
});

test('reached follows the log, and rejects at its deadline', async () => {
  const log = await logOf(1);
  const view = await start(log, sqliteViewStores(tempDir()));
  const position = await append(log, started(2, 0));
  await view.reached(position, generous);
  expect(view.get(uuid('node', 2))).toMatchObject({ amount: 1, tags: ['2'] });
  expect(view.position() >= position).toBe(true);
  await expect(view.reached('9'.repeat(16), 20)).rejects.toMatchObject({ kind: 'unavailable', code: 'view-behind' });
});

test('a poison event parks its stream, for good, with a warning; the others go on', async () => {
  const folder = tempDir();
  const log = await logOf(2);
  const stores = sqliteViewStores(folder);
  const view = await start(log, stores);
  await append(log, started(1, 1, 'boom'));
  await append(log, started(1, 2, '1'));
  await view.reached(await append(log, started(2, 1)), generous);
  expect(view.get(uuid('node', 1))?.amount).toBe(1);
  expect(view.get(uuid('node', 2))?.amount).toBe(2);
  expect(warnings).toContainEqual(expect.stringContaining('could not be applied'));
  await view.close();

  const again = await start(log, stores);
  await append(log, started(1, 3, '1'));
  await again.reached(await append(log, started(2, 2)), generous);
  expect(again.get(uuid('node', 1))?.amount).toBe(1);
  expect(again.get(uuid('node', 2))?.amount).toBe(3);
});

test('a raised version is built beside the old rows, which serve until then', async () => {
  const folder = tempDir();
  const log = await logOf(5);
  const first = await start(log, sqliteViewStores(folder));
  await first.reached(await log.head(), generous);
  await first.close();

  const disk = fillable(sqliteViewStores(folder));
  disk.full = true;
  const second = await start(log, disk, numbersView(2));
  await until(() => warnings.some((warning) => warning.includes('cannot go on')), { what: 'the build to be held up' });
  expect(second.get(uuid('node', 5))?.amount).toBe(1);
  expect(second.count()).toBe(5);
  expect(second.position()).toBe('');
  expect(existsSync(join(folder, 'numbers.db.building'))).toBe(true);
  disk.full = false;
  await second.caughtUp(await log.head());
  expect(second.get(uuid('node', 5))?.amount).toBe(2);
  expect(existsSync(join(folder, 'numbers.db.building'))).toBe(false);
});

test('a full disk: reached says so at once, reads go on, and it heals without a restart', async () => {
  const log = await logOf(2);
  const disk = fillable(sqliteViewStores(tempDir()));
  const view = await start(log, disk);
  await view.reached(await log.head(), generous);
  disk.full = true;
  const position = await append(log, started(3, 0));
  await expect(view.reached(position, generous)).rejects.toMatchObject({ code: 'view-unavailable' });
  expect(view.count()).toBe(2);
  expect(view.get(uuid('node', 3))).toBeUndefined();
  disk.full = false;
  await view.caughtUp(position);
  await until(() => view.reached(position, generous).then(() => true), { what: 'the view to heal' });
  expect(view.get(uuid('node', 3))?.amount).toBe(1);
});

test('a swap that fails halfway is brought to its end before anything else is written', async () => {
  const folder = tempDir();
  const log = await logOf(2);
  const disk = fillable(sqliteViewStores(folder));
  disk.full = true;
  const view = await start(log, disk);
  const trouble = async (words: string): Promise<boolean> =>
    view.reached(await log.head(), 1).then(
      () => false,
      (error: unknown) => String(error).includes(words),
    );
  await until(() => trouble('disk is full'), { what: 'the build to be held up' });
  mkdirSync(join(folder, 'numbers.db', 'in the way'), { recursive: true });
  disk.full = false;
  await until(() => trouble('directory'), { what: 'the swap to fail' });
  const position = await append(log, started(2, 1));
  rmSync(join(folder, 'numbers.db'), { recursive: true });
  await until(() => view.reached(position, generous).then(() => true), { what: 'the view to heal' });
  expect(view.find({ limit: 5 }).map(({ amount }) => amount)).toEqual([1, 2]);
});

test('a log that fails is read again, from where the view stands', async () => {
  const log = await logOf(2);
  const view = await start(log, sqliteViewStores(tempDir()));
  await view.reached(await log.head(), generous);
  log.fail(new Error('the log cannot be read'));
  await until(
    () =>
      view.reached('', 1).then(
        () => false,
        () => true,
      ),
    { what: 'the trouble to be noticed' },
  );
  log.fail(undefined);
  await view.caughtUp(await append(log, started(2, 1)));
  expect(view.get(uuid('node', 2))?.amount).toBe(2);
  expect(view.get(uuid('node', 1))?.amount).toBe(1);
});

test.each([
  [
    'a damaged file',
    (file: string) => writeFileSync(file, 'no database at all, but long enough to be looked at'.repeat(200)),
  ],
  ['a file cut to nothing', (file: string) => writeFileSync(file, '')],
])('%s is built again with a warning', async (_, damage) => {
  const folder = tempDir();
  const log = await logOf(2);
  const first = await start(log, sqliteViewStores(folder));
  await first.reached(await log.head(), generous);
  await first.close();
  damage(join(folder, 'numbers.db'));
  warnings.length = 0;
  const second = await start(log, sqliteViewStores(folder));
  await second.reached(await log.head(), generous);
  expect(second.count()).toBe(2);
  expect(warnings).toContainEqual(expect.stringContaining('built again'));
});

test('a view that is ahead of the log is built again from that log', async () => {
  const folder = tempDir();
  const first = await start(await logOf(5), sqliteViewStores(folder));
  await first.caughtUp('0'.repeat(15) + '5');
  await first.close();
  const shorter = await logOf(2);
  const second = await start(shorter, sqliteViewStores(folder));
  await second.reached(await shorter.head(), generous);
  expect(second.count()).toBe(2);
});

test('close rejects who waits', async () => {
  const view = await start(await logOf(1), sqliteViewStores(tempDir()));
  const waiting = view.reached('9'.repeat(16), generous);
  const refused = expect(waiting).rejects.toMatchObject({ code: 'view-unavailable' });
  await view.close();
  await refused;
});
