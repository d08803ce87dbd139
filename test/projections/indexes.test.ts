import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { pageParts } from '../../src/adapters/sqlite/view-query.ts';
import { shapeOf } from '../../src/adapters/sqlite/view-shape.ts';
import { sqliteViewStores } from '../../src/adapters/sqlite/view-store.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { allViews } from './kit/all-views.ts';

test.each(allViews.map((view) => [view.name, view] as const))(
  '%s: each index answers in order, without a sort',
  (name, view) => {
    const folder = tempDir();
    const store = sqliteViewStores(folder).open(view, () => {});
    onTestFinished(() => store.close());
    store.finish();
    const database = new Database(join(folder, `${name}.db`), { readonly: true });
    onTestFinished(() => void database.close());
    for (const [column, order] of view.indexes) {
      for (const descending of [false, true]) {
        const after = { value: 'x', key: 'x' };
        const query = { where: { [column ?? '']: 'x' }, orderBy: order ?? view.key, descending, after, limit: 10 };
        for (const part of pageParts(shapeOf(view), query)) {
          const plan = database.prepare(`EXPLAIN QUERY PLAN ${part.sql}`).all(...part.values, 10) as {
            detail: string;
          }[];
          expect(
            plan.map(({ detail }) => detail),
            part.sql,
          ).toEqual([expect.stringMatching(/^SEARCH rows USING .*INDEX/)]);
        }
      }
    }
  },
);
