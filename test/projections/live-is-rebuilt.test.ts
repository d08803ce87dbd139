import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventLog, SubscriptionItem } from '../../src/application/ports/event-log.ts';
import { sqliteViewStores } from '../../src/adapters/sqlite/view-store.ts';
import { openViews } from '../../src/projections/open-views.ts';
import { count } from '../kit/counts.ts';
import { memoryLog } from '../kit/memory-log.ts';
import { makeTempDir } from '../kit/temp-dir.ts';
import { catalogue, history } from './kit/histories.ts';
import { append, everything } from './kit/open.ts';

/** A log that gives every page of events twice, and then the page before once more. */
function stuttering(log: EventLog): EventLog {
  async function* subscribeAll(options: Parameters<EventLog['subscribeAll']>[0]): AsyncIterable<SubscriptionItem> {
    let before: SubscriptionItem | undefined;
    for await (const item of log.subscribeAll(options)) {
      yield item;
      if (item.kind !== 'events') continue;
      yield item;
      if (before !== undefined) yield before;
      before = item;
    }
  }
  return { ...log, subscribeAll };
}

test('live, event by event with restarts and doubled delivery, is the same as rebuilt', {
  timeout: 600_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.array(fc.nat(120), { maxLength: 4 }), async (steps, restarts) => {
      const { path, remove } = makeTempDir();
      const log = memoryLog(catalogue);
      const open = (name: string): ReturnType<typeof openViews> =>
        openViews({ log: stuttering(log), stores: sqliteViewStores(`${path}/${name}`), onWarning: failOnWarning });
      let live = await open('live');
      try {
        for (const [index, step] of steps.entries()) {
          if (step.event.type === 'PersonShredded') log.shred(step.stream);
          await append(log, step);
          if (index % 7 === 0) await live.caughtUp();
          if (!restarts.includes(index)) continue;
          await live.close();
          live = await open('live');
        }
        await live.caughtUp();
        const rebuilt = await open('rebuilt');
        await rebuilt.caughtUp();
        const [atOnce, oneByOne] = [everything(rebuilt), everything(live)];
        await rebuilt.close();
        expect(oneByOne).toEqual(atOnce);
        expect(atOnce.auditTrail).toHaveLength(steps.length);
      } finally {
        await live.close();
        remove();
      }
    }),
    { numRuns: count(12, 10_000), endOnFailure: true },
  );
});

function failOnWarning(message: string, fields: object): void {
  throw new Error(`${message} ${JSON.stringify(fields)}`);
}
