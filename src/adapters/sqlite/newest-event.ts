import { logFile } from './log-schema.ts';
import { openForAudit } from './open-for-audit.ts';

/** How many events a log has and when the newest happened (ISO 8601); null for an empty one. Only reads. */
export function newestEvent(folder: string): { readonly size: number; readonly at: string } | null {
  const audit = openForAudit(logFile(folder));
  try {
    const row = audit.database
      .prepare<[], { position: number; metadata: string }>(
        'SELECT position, metadata FROM events ORDER BY position DESC LIMIT 1',
      )
      .get();
    if (row === undefined) return null;
    return { size: row.position, at: (JSON.parse(row.metadata) as { readonly at: string }).at };
  } finally {
    audit.close();
  }
}
