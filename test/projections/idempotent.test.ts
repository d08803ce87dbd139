import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Row, ViewDefinition } from '../../src/application/ports/views.ts';
import type { StoredEvent } from '../../src/domain/kernel/event.ts';
import { count } from '../kit/counts.ts';
import { allViews as views } from './kit/all-views.ts';
import { history, type Step } from './kit/histories.ts';

function stored({ stream, expected, event }: Step, index: number): StoredEvent {
  return { ...event, stream, streamVersion: expected + 1, position: String(index).padStart(16, '0'), schemaVersion: 1 };
}

/** Rows by key after the events, each applied so many times. */
function rowsAfter(view: ViewDefinition, events: readonly StoredEvent[], times: number): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const event of events) {
    if (view.handles !== 'all' && !view.handles.includes(event.type)) continue;
    for (let time = 0; time < times; time += 1) {
      for (const key of view.keys(event)) {
        const row = view.apply(rows.get(key), event, key);
        if (row === undefined) rows.delete(key);
        else rows.set(key, row);
      }
    }
  }
  return rows;
}

test.each(views.map((view) => [view.name, view] as const))('%s: an event applied twice changes nothing', (_, view) => {
  fc.assert(
    fc.property(history, (steps) => {
      const events = steps.map(stored);
      expect(rowsAfter(view, events, 2)).toEqual(rowsAfter(view, events, 1));
    }),
    { numRuns: count(150, 10_000) },
  );
});

test.each(views.map((view) => [view.name, view] as const))('%s: rows hold its columns and nothing else', (_, view) => {
  fc.assert(
    fc.property(history, (steps) => {
      const columns = Object.keys(view.columns).sort();
      for (const [key, row] of rowsAfter(view, steps.map(stored), 1)) {
        expect(Object.keys(row).sort()).toEqual(columns);
        expect(row[view.key]).toBe(key);
        for (const [column, type] of Object.entries(view.columns)) {
          const value = row[column];
          if (value === null || type === 'json') continue;
          expect(typeof value).toBe(type === 'integer' ? 'number' : 'string');
        }
      }
    }),
    { numRuns: count(50, 1_000) },
  );
});
