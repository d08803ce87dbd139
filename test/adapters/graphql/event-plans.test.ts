import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GraphqlContext } from '../../../src/adapters/graphql/context.ts';
import { eventPage, type EventWish } from '../../../src/adapters/graphql/event-pages.ts';
import { pageParts } from '../../../src/adapters/sqlite/view-query.ts';
import { shapeOf } from '../../../src/adapters/sqlite/view-shape.ts';
import { sqliteViewStores } from '../../../src/adapters/sqlite/view-store.ts';
import { eventCatalogue } from '../../../src/application/event-catalogue.ts';
import type { AuditTrailRow } from '../../../src/application/ports/read-models.ts';
import type { View, ViewQuery } from '../../../src/application/ports/views.ts';
import { categories } from '../../../src/domain/kernel/ids.ts';
import { auditTrail } from '../../../src/projections/audit-trail/projection.ts';
import { count } from '../../kit/counts.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';

const events = count(30_000, 300_000);
const types = Object.keys(eventCatalogue);
const idOf = (category: string, n: number): string =>
  `${category}-00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const atOf = (n: number): string => new Date(Date.UTC(2025, 0, 1) + n * 1_000).toISOString();
const rowOf = (n: number): AuditTrailRow =>
  ({
    ...{ position: String(n).padStart(16, '0'), eventId: idOf('event', n), at: atOf(n), correlationId: 'c' },
    // The last types are rare.
    type: types[n % 1_000 === 7 ? types.length - 1 - (((n / 1_000) % 20) | 0) : n % (types.length - 20)]!,
    category: categories[n % 5]!,
    ...{ stream: idOf('session', n % 50), actorUserId: null, userId: n % 2 === 0 ? idOf('user', n % 4) : null },
    ...{
      targetId: n % 3 === 0 ? idOf('target', n % 9) : null,
      sessionId: n % 7 === 0 ? idOf('session', n % 50) : null,
    },
  }) as AuditTrailRow;
const rows = Array.from({ length: events }, (_, n) => rowOf(n + 1));

const folder = makeTempDir();
const store = sqliteViewStores(folder.path).open(auditTrail, () => {});
const asked: ViewQuery<AuditTrailRow>[] = [];
let context: GraphqlContext;

beforeAll(() => {
  const tables = { parked: new Map(), remembered: new Map(), newestAt: '', wipe: false };
  for (let from = 0; from < events; from += 20_000) {
    const some = new Map(rows.slice(from, from + 20_000).map((row) => [row.position, row]));
    store.write({ ...tables, rows: some, checkpoint: String(from) });
  }
  store.finish();
  const serving = store.serving()!;
  const view = {
    find: (query: ViewQuery<AuditTrailRow>) => {
      asked.push(query);
      return serving.find(query);
    },
    reached: async () => {},
  } as unknown as View<AuditTrailRow>;
  const log = {
    head: async () => rows.at(-1)!.position,
    readAt: async (positions: readonly string[]) => [...positions].sort().map((position) => ({ position })),
  };
  context = { application: { views: { auditTrail: view }, log }, signal: new AbortController().signal } as never;
});
afterAll(() => {
  store.close();
  folder.remove();
});

const from = atOf(Math.floor(events * 0.4));
const rare = types.slice(-20);
const wishes: readonly EventWish[] = [
  { types },
  { types: types.slice(0, 20), categories: ['session', 'token', 'name'] },
  { types: [...rare, ...rare] },
  { types: rare, categories: ['node'] },
  { categories: [...categories, ...categories] },
  { types, categories: [...categories], since: from },
  { types: rare, user: idOf('user', 2) },
  { types, user: idOf('user', 2), since: from, until: atOf(Math.floor(events * 0.6)) },
  { categories: ['name', 'user', 'group'], target: idOf('target', 3) },
  { types: rare, session: idOf('session', 21) },
];

test.each(wishes.map((wish) => [JSON.stringify(wish).slice(0, 120), wish] as const))(
  'pages of %s… are those events, and nothing that happened is sorted for them',
  async (_title, wish) => {
    asked.length = 0;
    const fitting = rows.filter(
      (row) =>
        (wish.types?.includes(row.type) ?? true) &&
        (wish.categories?.includes(row.category) ?? true) &&
        (wish.user ?? row.userId) === row.userId &&
        (wish.target ?? row.targetId) === row.targetId &&
        (wish.session ?? row.sessionId) === row.sessionId &&
        row.at >= (wish.since ?? '') &&
        row.at < (wish.until ?? '9'),
    );
    const expected = fitting.map(({ position }) => position).toReversed();
    const seen: string[] = [];
    for (let after: string | null = null, page = 0; page < 3; page += 1) {
      const { edges, pageInfo } = await eventPage(context, wish, { first: 50, after }, true);
      seen.push(...edges.map(({ cursor }) => cursor));
      expect(pageInfo.hasNextPage).toBe(expected.length > seen.length);
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(expected.slice(0, 150));
    const database = new Database(join(folder.path, `${auditTrail.name}.db`), { readonly: true });
    try {
      const plans = new Map<string, readonly string[]>();
      for (const query of asked) {
        for (const { sql, values } of pageParts(shapeOf(auditTrail), query)) {
          if (plans.has(sql)) continue;
          const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values, query.limit);
          plans.set(
            sql,
            (plan as { readonly detail: string }[]).map(({ detail }) => detail),
          );
        }
      }
      for (const [sql, plan] of plans)
        expect(plan, sql).toEqual([expect.stringMatching(/^SEARCH rows USING .*(INDEX|KEY)/)]);
    } finally {
      database.close();
    }
  },
);
