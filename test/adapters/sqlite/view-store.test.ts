import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { pageParts } from '../../../src/adapters/sqlite/view-query.ts';
import { shapeOf } from '../../../src/adapters/sqlite/view-shape.ts';
import { sqliteViewStores } from '../../../src/adapters/sqlite/view-store.ts';
import type { ViewStore } from '../../../src/application/ports/view-store.ts';
import type { ViewDefinition, ViewQuery } from '../../../src/application/ports/views.ts';
import { HotRows } from '../../../src/projections/kit/hot-rows.ts';
import { count } from '../../kit/counts.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { numbersView, type NumberRow } from '../../projections/kit/numbers-view.ts';

const view = numbersView();

function unwarned(message: string): void {
  throw new Error(message);
}

/** A store that serves these rows. */
function storeOf(
  folder: string,
  rows: readonly NumberRow[],
  definition: ViewDefinition<NumberRow> = view,
): ViewStore<NumberRow> {
  const store = sqliteViewStores(folder).open(definition, unwarned);
  onTestFinished(() => store.close());
  const changed = new Map(rows.map((row) => [row.id, row]));
  store.write({ rows: changed, parked: new Map(), remembered: new Map(), checkpoint: '1', newestAt: '', wipe: false });
  store.finish();
  return store;
}

function row(index: number, owner: string | null = `o${index % 100}`): NumberRow {
  const at = new Date(Date.UTC(2026, 0, 1) + Math.floor(index / 3) * 1_000).toISOString();
  return { id: `n${String(index).padStart(7, '0')}`, owner, amount: index % 1_000, tags: [`t${index}`], at };
}

/** All pages in turn, as a reader asks for them. */
function pages(store: ViewStore<NumberRow>, query: Omit<ViewQuery<NumberRow>, 'after'>): NumberRow[] {
  const all: NumberRow[] = [];
  let after: ViewQuery<NumberRow>['after'];
  while (true) {
    const page = store.serving()?.find({ ...query, ...(after && { after }) }) ?? [];
    all.push(...page);
    const last = page.at(-1);
    if (last === undefined || page.length < query.limit) return all;
    after = { value: last[query.orderBy ?? 'id'], key: last.id };
  }
}

const texts = fc.constantFrom('', 'a', 'A', 'é', '\uffee', '\u{1f511}', 'a\u{1f511}', 'a\uffee', 'b');
const anyRow: fc.Arbitrary<Omit<NumberRow, 'id'>> = fc.record({
  owner: fc.option(texts),
  amount: fc.integer({ min: -3, max: 3 }),
  tags: fc.array(texts, { maxLength: 2 }),
  at: texts,
});
const anyQuery: fc.Arbitrary<ViewQuery<NumberRow>> = fc.record(
  {
    where: fc.record(
      {
        owner: fc.oneof(
          fc.option(texts),
          fc.record({ in: fc.array(fc.option(texts), { maxLength: 3 }) }),
          fc.record({ containing: fc.array(texts, { maxLength: 2 }) }),
        ),
        amount: fc.oneof(
          fc.integer({ min: -3, max: 3 }),
          fc.record({ above: fc.integer({ min: -3, max: 3 }) }),
          fc.record({ above: fc.integer({ min: -3, max: 0 }), below: fc.integer({ min: 0, max: 3 }) }),
        ),
        at: fc.record({ below: texts }),
      },
      { requiredKeys: [] },
    ),
    orderBy: fc.constantFrom('id', 'owner', 'amount', 'at'),
    descending: fc.boolean(),
    after: fc.record({ value: fc.option(texts), key: texts }),
    limit: fc.nat(12),
  },
  { requiredKeys: ['limit'] },
);

test('memory and file answer the same', { timeout: 300_000 }, () => {
  fc.assert(
    fc.property(
      fc.array(anyRow, { maxLength: 30 }),
      fc.array(anyQuery, { minLength: 1, maxLength: 30 }),
      (some, queries) => {
        const rows = some.map((one, index) => ({ id: `${index % 2 === 0 ? 'é' : 'e'}${index}`, ...one }));
        const store = sqliteViewStores(tempFolder()).open(view, unwarned);
        try {
          const changed = new Map(rows.map((one) => [one.id, one]));
          store.write({
            rows: changed,
            parked: new Map(),
            remembered: new Map(),
            checkpoint: '1',
            newestAt: '',
            wipe: false,
          });
          store.finish();
          const hot = new HotRows(view, store.all());
          for (const query of queries) {
            // A row of the page before has a value of the column that the page is in order of.
            const anchor = rows[query.limit];
            const { after: _after, ...rest } = query;
            const after = anchor && query.after && { after: { value: anchor[query.orderBy ?? 'id'], key: anchor.id } };
            const asked = { ...rest, ...after };
            expect(hot.find(asked)).toEqual(store.serving()?.find(asked));
            expect(hot.count(query.where)).toBe(store.serving()?.count(query.where));
          }
        } finally {
          store.close();
        }
      },
    ),
    { numRuns: count(40, 1_000) },
  );
});

const folders = { number: 0, root: '' };
function tempFolder(): string {
  if (folders.number === 0) folders.root = tempDir();
  folders.number += 1;
  return join(folders.root, String(folders.number));
}

test('pages hold every row once, in order, however the order lies', () => {
  const size = count(10_000, 100_000);
  const rows = Array.from({ length: size }, (_, index) => row(index, index % 5 === 0 ? null : `o${index % 100}`));
  const store = storeOf(tempDir(), rows);
  for (const orderBy of ['id', 'owner', 'amount', 'at'] as const) {
    for (const descending of [false, true]) {
      const found = pages(store, { orderBy, descending, limit: 997 });
      expect(new Set(found.map(({ id }) => id)).size).toBe(size);
      expect(found).toHaveLength(size);
    }
  }
  expect(pages(store, { where: { owner: 'o7' }, orderBy: 'at', descending: true, limit: 13 })).toHaveLength(size / 100);
  expect(store.serving()?.count({ owner: null })).toBe(size / 5);
});

const questions: readonly ViewQuery<NumberRow>[] = [
  { limit: 10 },
  { limit: 10, after: { value: null, key: 'n5' } },
  { where: { owner: 'o1' }, limit: 10 },
  { where: { owner: null }, limit: 10 },
  { where: { owner: { in: ['o1', 'o2'] } }, limit: 10 },
  { where: { amount: { above: 3, below: 9 } }, orderBy: 'amount', limit: 10 },
  { where: { owner: 'o1' }, orderBy: 'at', descending: true, limit: 10 },
  { where: { owner: 'o1' }, orderBy: 'at', descending: true, after: { value: 'x', key: 'n5' }, limit: 10 },
  { orderBy: 'at', after: { value: 'x', key: 'n5' }, limit: 10 },
  { orderBy: 'at', descending: true, after: { value: 'x', key: 'n5' }, limit: 10 },
];

test.each(questions)('asked by index: %j', (query) => {
  const folder = tempDir();
  storeOf(folder, [row(1)]);
  const database = new Database(join(folder, 'numbers.db'), { readonly: true });
  onTestFinished(() => void database.close());
  for (const part of pageParts(shapeOf(view), query)) {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${part.sql}`).all(...part.values, query.limit) as {
      detail: string;
    }[];
    const steps = plan.map(({ detail }) => detail);
    const onRows = steps.filter((step) => step.includes(' rows'));
    // A page without conditions walks the key or an index in its order; everything else is a search.
    const walks = query.where === undefined && query.after === undefined;
    expect(onRows, part.sql).toEqual([
      expect.stringMatching(walks ? /^(SCAN|SEARCH)/ : /^SEARCH .* USING (PRIMARY KEY|(COVERING )?INDEX)/),
    ]);
    const sorts = steps.some((step) => step.includes('TEMP B-TREE FOR ORDER BY'));
    // The index by owner lies in the order of `at`: in the order of the key its rows have to be sorted.
    expect(sorts, part.sql).toBe(query.where !== undefined && query.orderBy === undefined);
  }
});

test('a column that is none is refused, and reaches no statement', () => {
  const serving = storeOf(tempDir(), [row(1)]).serving();
  const asked = { where: { 'id" = "id" --': 1 }, limit: 1 } as unknown as ViewQuery<NumberRow>;
  expect(() => serving?.find(asked)).toThrow(expect.objectContaining({ code: 'unknown-column' }));
  expect(() => serving?.find({ orderBy: 'rowid' as 'id', limit: 1 })).toThrow(
    expect.objectContaining({ code: 'unknown-column' }),
  );
  expect(() => serving?.find({ limit: -1 })).toThrow(expect.objectContaining({ code: 'bad-limit' }));
});

test('rows, parked streams and checkpoint survive closing; a build that was not finished does not', () => {
  const folder = tempDir();
  const store = storeOf(folder, [row(1)]);
  store.write({
    rows: new Map([
      ['n0000001', undefined],
      ['n0000002', row(2)],
    ]),
    parked: new Map([['node-1', '2']]),
    checkpoint: '2',
    newestAt: 'now',
    remembered: new Map(),
    wipe: false,
  });
  store.close();
  const again = sqliteViewStores(folder).open(view, unwarned);
  expect([...again.all()]).toEqual([row(2)]);
  expect([again.checkpoint(), again.newestAt(), [...again.parked()]]).toEqual(['2', 'now', ['node-1']]);
  again.close();

  const raised = sqliteViewStores(folder).open(numbersView(2), unwarned);
  raised.write({
    rows: new Map([['n0000003', row(3)]]),
    parked: new Map(),
    checkpoint: '1',
    newestAt: '',
    remembered: new Map(),
    wipe: false,
  });
  expect([...raised.all()]).toEqual([row(2)]);
  raised.close();
  const third = sqliteViewStores(folder).open(numbersView(2), unwarned);
  onTestFinished(() => third.close());
  expect(third.checkpoint()).toBe('');
  expect([...third.all()]).toEqual([row(2)]);
});

test('what is wiped is in no file any more, and files are for their owner alone', () => {
  const folder = tempDir();
  const personal = { ...view, personal: true } as const;
  const store = storeOf(folder, [row(0), row(1, 'person@example.org'), row(2)], personal);
  const holds = (): string[] =>
    readdirSync(folder).filter((file) => readFileSync(join(folder, file)).includes('person@example.org'));
  expect(holds()).not.toEqual([]);
  store.write({
    rows: new Map([['n0000001', undefined]]),
    parked: new Map(),
    checkpoint: '2',
    newestAt: '',
    remembered: new Map(),
    wipe: true,
  });
  expect(holds()).toEqual([]);
  expect(existsSync(join(folder, 'numbers.db.building'))).toBe(false);
  for (const file of readdirSync(folder)) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
});

test('rows go when their time is up, and are named', () => {
  const swept = { ...view, expiry: { column: 'at', keepMilliseconds: 1_000 } } as const;
  const store = storeOf(tempDir(), [row(0), row(30)], swept);
  const gone = store.write({
    rows: new Map(),
    parked: new Map(),
    checkpoint: '2',
    newestAt: '2026-01-01T00:00:01.000Z',
    remembered: new Map(),
    wipe: false,
  });
  expect(gone).toEqual(['n0000000']);
  expect([...store.all()]).toEqual([row(30)]);
});
