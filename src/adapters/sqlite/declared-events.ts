import type { EventCatalogue } from '../../application/ports/event-log.ts';
import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { Category } from '../../domain/kernel/ids.ts';
import { decodeEvent, type EventRow } from './event-decoding.ts';
import { logFile } from './log-schema.ts';
import { openForAudit } from './open-for-audit.ts';

/** All events of a category without personal fields, oldest first, of a log that somebody else may be writing. Only reads. */
export function eventsOfCategory(
  folder: string,
  catalogue: EventCatalogue,
  category: Category,
): readonly StoredEvent[] {
  const audit = openForAudit(logFile(folder));
  const noKeys = { keyFor: () => null, destroy: () => undefined };
  try {
    return audit.database
      .prepare<[string, string], EventRow>(
        // A stream id goes on with a hyphen; the character after it is the full stop.
        'SELECT * FROM events WHERE stream > ? AND stream < ? ORDER BY position',
      )
      .all(`${category}-`, `${category}.`)
      .map((row) => decodeEvent(catalogue, noKeys, row));
  } finally {
    audit.close();
  }
}
