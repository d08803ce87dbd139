import { onTestFinished } from 'vitest';
import { sqliteViewStores } from '../../../src/adapters/sqlite/view-store.ts';
import type { EventLog } from '../../../src/application/ports/event-log.ts';
import type { ReadModels } from '../../../src/application/ports/read-models.ts';
import type { ViewStores } from '../../../src/application/ports/view-store.ts';
import type { Row, View } from '../../../src/application/ports/views.ts';
import { type OpenedViews, openViews } from '../../../src/projections/open-views.ts';
import type { MemoryLog } from '../../kit/memory-log.ts';
import type { Step } from './histories.ts';

export interface Warned {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Every view over a log in a folder; closed at the end of the test. What it warns of is in `warnings`. */
export async function open(
  log: EventLog,
  folder: string,
  stores: ViewStores = sqliteViewStores(folder),
): Promise<OpenedViews & { readonly warnings: Warned[] }> {
  const warnings: Warned[] = [];
  const views = await openViews({ log, stores, onWarning: (message, fields) => warnings.push({ message, fields }) });
  onTestFinished(() => views.close());
  return { ...views, warnings };
}

export async function append(log: EventLog, { stream, expected, event }: Step): Promise<string> {
  const result = await log.append(stream, expected, [event]);
  if (!result.ok) throw new Error(`${stream} has ${result.actualVersion} events, not ${expected}`);
  return result.position;
}

/** Appends as a session would: the person's key is destroyed before the shredding is written down. */
export async function appendAll(log: MemoryLog, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (step.event.type === 'PersonShredded') log.shred(step.stream);
    await append(log, step);
  }
}

/** All rows of all views, in the order of their keys. */
export function everything(views: ReadModels): Readonly<Record<string, readonly Row[]>> {
  const rows = <R extends Row>(view: View<R>): readonly R[] => view.find({ limit: 1_000_000 });
  return {
    activeTokens: rows(views.activeTokens),
    activeKeys: rows(views.activeKeys),
    factors: rows(views.factors),
    favourites: rows(views.favourites),
    activeLogins: rows(views.activeLogins),
    identities: rows(views.identities),
    revocationList: rows(views.revocationList),
    directory: rows(views.directory),
    targetCatalogue: rows(views.targetCatalogue),
    liveSessions: rows(views.liveSessions),
    sessionHistory: rows(views.sessionHistory),
    auditTrail: rows(views.auditTrail),
  };
}
