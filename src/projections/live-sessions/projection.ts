import type { LiveSessionRow } from '../../application/ports/read-models.ts';
import type { SessionEnded, SessionOpened } from '../../domain/session/events.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { defineView } from '../kit/define-view.ts';
import { openedColumns } from '../kit/session-columns.ts';

/** Sessions that are open now. */
export const liveSessions = defineView<LiveSessionRow, SessionOpened | SessionEnded>({
  name: 'live-sessions',
  version: 2,
  key: 'sessionId',
  columns: openedColumns,
  indexes: [['userId'], ['passId'], ['targetId'], ['entitlementId'], ['nodeId'], ['startedAt']],
  hot: true,
  rowPer: 'stream',
  handles: ['SessionOpened', 'SessionEnded'],
  keys: (event) => [event.stream],

  apply(row, event, key) {
    if (event.type === 'SessionEnded') return undefined;
    if (row !== undefined || !isStreamIdOf('session', key)) return row;
    const { recording: _recording, reason: _reason, group, ...opened } = event.data;
    return { sessionId: key, groupId: group ?? key, ...opened, startedAt: event.metadata.at };
  },
});
