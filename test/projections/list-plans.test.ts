import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, onTestFinished, test } from 'vitest';
import { pageParts } from '../../src/adapters/sqlite/view-query.ts';
import { shapeOf } from '../../src/adapters/sqlite/view-shape.ts';
import { sqliteViewStores } from '../../src/adapters/sqlite/view-store.ts';
import type { Row, ViewQuery } from '../../src/application/ports/views.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { allViews } from './kit/all-views.ts';

type Asked = Omit<ViewQuery<Row>, 'limit'>;
const text = { containing: ['web'] };
const between = { above: 'a', below: 'b' };
const target = { kind: 'target', withdrawn: 0 };
const user = { kind: 'user', removed: 0 };

const lists: readonly (readonly [string, Row, string, RegExp])[] = [
  ['target-catalogue', target, 'name', /INDEX by_kind_name/],
  ['target-catalogue', { ...target, protocol: 'ssh', trusted: 0 }, 'name', /INDEX by_kind_name/],
  ['target-catalogue', { ...target, search: text, labelled: text }, 'name', /COVERING INDEX by_kind_name/],
  ['target-catalogue', target, 'id', /INDEX by_kind_withdrawn \(kind=\? AND withdrawn=\?/],
  ['target-catalogue', { ...target, name: 'x' }, 'id', /INDEX by_kind_name\w+ \(kind=\? AND name=\?/],
  ['target-catalogue', { kind: 'account', targetId: 't', withdrawn: 0 }, 'id', /INDEX by_targetId/],
  ['directory', user, 'createdAt', /INDEX by_kind_createdAt/],
  ['directory', { ...user, disabled: 0, search: text }, 'createdAt', /COVERING INDEX by_kind_createdAt/],
  ['directory', { ...user, search: text }, 'name', /COVERING INDEX by_kind_name/],
  ['directory', { ...user, name: 'x' }, 'id', /INDEX by_kind_name\w+ \(kind=\? AND name=\?/],
  ['session-history', {}, 'startedAt', /INDEX by_startedAt/],
  ['session-history', { startedAt: between }, 'startedAt', /INDEX by_startedAt \(startedAt>/],
  ['session-history', { ended: 1 }, 'startedAt', /INDEX by_ended_startedAt \(ended=/],
  ['session-history', { ended: 1, protocol: 'ssh', userId: 'u', startedAt: between }, 'startedAt', /INDEX by_userId/],
  ['session-history', { ended: 1, endReason: 'idle', source: 's' }, 'startedAt', /INDEX by_source/],
  ['session-history', { protocol: 'ssh', accountName: 'root' }, 'startedAt', /INDEX by_accountName/],
  ['audit-trail', { at: between, position: between }, 'position', /PRIMARY KEY \(position>/],
  ['audit-trail', { userId: 'u', type: 'T', at: between, position: between }, 'position', /INDEX by_userId \(userId=/],
  ['audit-trail', { category: 'session', type: 'T' }, 'position', /INDEX by_type/],
];

test.each(lists.map((list) => [`${list[0]} ${JSON.stringify(list[1])} by ${list[2]}`, list] as const))(
  '%s is read from an index and in its order',
  (_title, [name, where, orderBy, wanted]) => {
    const view = allViews.find((each) => each.name === name);
    if (view === undefined) throw new Error(`no view ${name}`);
    const folder = tempDir();
    const store = sqliteViewStores(folder).open(view, () => {});
    onTestFinished(() => store.close());
    store.finish();
    const database = new Database(join(folder, `${name}.db`), { readonly: true });
    onTestFinished(() => void database.close());
    for (const descending of [false, true]) {
      for (const place of [{}, { after: { value: 'x', key: 'x' } }]) {
        const query: Asked = { where, orderBy, descending, ...place };
        const [part] = pageParts(shapeOf(view), { ...query, limit: 10 });
        const rows = database.prepare(`EXPLAIN QUERY PLAN ${part?.sql}`).all(...(part?.values ?? []), 10);
        const plan = (rows as { readonly detail: string }[]).map(({ detail }) => detail);
        const [found] = plan.filter((detail) => !/^(SEARCH rows USING PRIMARY KEY \(id=|LIST|SCAN json)/.test(detail));
        expect(found, part?.sql).toMatch(wanted);
        // Only what was found by its text is put in order again, and that is no more than a page.
        expect(plan.filter((detail) => detail.includes('TEMP B-TREE')).length).toBe(plan.length > 2 ? 1 : 0);
      }
    }
  },
);
