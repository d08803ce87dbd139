import type { LiveSessionRow } from '../../application/ports/read-models.ts';
import type { ColumnType } from '../../application/ports/views.ts';

/** What every view of sessions knows of one from its opening. */
export const openedColumns = {
  sessionId: 'text',
  userId: 'text',
  passId: 'text',
  targetId: 'text',
  targetName: 'text',
  accountId: 'text',
  accountName: 'text',
  entitlementId: 'text',
  protocol: 'text',
  source: 'text',
  client: 'text',
  groupId: 'text',
  startedAt: 'text',
  nodeId: 'text',
  bootId: 'text',
} as const satisfies Readonly<Record<keyof LiveSessionRow, ColumnType>>;
