import Database from 'better-sqlite3';
import { logFile } from '../../../src/adapters/sqlite/log-schema.ts';

/** Reads every row of a log and parses it, and does nothing else: the least that can be done. Gives how many and how long. */
export function readAndParse(folder: string): { readonly events: number; readonly milliseconds: number } {
  const database = new Database(logFile(folder), { readonly: true });
  try {
    const start = performance.now();
    const rows = database.prepare(
      'SELECT position, stream, version, id, type, metadata, data FROM events ORDER BY position',
    );
    let events = 0;
    for (const row of rows.iterate() as IterableIterator<{ metadata: string; data: string }>) {
      JSON.parse(row.metadata);
      JSON.parse(row.data);
      events += 1;
    }
    return { events, milliseconds: performance.now() - start };
  } finally {
    database.close();
  }
}
