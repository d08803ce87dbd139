import type { SessionHistoryRow } from '../../application/ports/read-models.ts';
import type { RecordingChunkSealed, SessionEnded, SessionOpened } from '../../domain/session/events.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { defineView } from '../kit/define-view.ts';
import { openedColumns } from '../kit/session-columns.ts';

/** Every session there ever was, from its opening to its end, and what its recording holds. */
export const sessionHistory = defineView<SessionHistoryRow, SessionOpened | RecordingChunkSealed | SessionEnded>({
  name: 'session-history',
  version: 4,
  key: 'sessionId',
  columns: {
    ...openedColumns,
    ended: 'integer',
    endedAt: 'text',
    endReason: 'text',
    endMessage: 'text',
    bytesReceived: 'integer',
    bytesSent: 'integer',
    recording: 'text',
    chunks: 'integer',
    recordedBytes: 'integer',
    version: 'integer',
  },
  indexes: [
    ['passId', 'startedAt'],
    ['userId', 'startedAt'],
    ['accountId', 'startedAt'],
    ['targetId', 'startedAt'],
    ['source', 'startedAt'],
    ['accountName', 'startedAt'],
    ['endReason', 'startedAt'],
    ['protocol', 'startedAt'],
    ['ended', 'startedAt'],
    ['startedAt'],
  ],
  rowPer: 'stream',
  handles: ['SessionOpened', 'RecordingChunkSealed', 'SessionEnded'],
  keys: (event) => [event.stream],

  apply(row, event, key) {
    if (row !== undefined && event.streamVersion <= row.version) return row;
    const version = event.streamVersion;
    switch (event.type) {
      case 'SessionOpened': {
        if (!isStreamIdOf('session', key)) return row;
        // The reason is personal, so that it is read from the log itself.
        const { reason: _reason, group, ...opened } = event.data;
        return {
          sessionId: key,
          groupId: group ?? key,
          ...opened,
          startedAt: event.metadata.at,
          ended: 0,
          endedAt: null,
          endReason: null,
          endMessage: null,
          bytesReceived: 0,
          bytesSent: 0,
          chunks: 0,
          recordedBytes: 0,
          version,
        };
      }
      case 'RecordingChunkSealed':
        return row && { ...row, chunks: row.chunks + 1, recordedBytes: row.recordedBytes + event.data.bytes, version };
      case 'SessionEnded': {
        const { reason, message, bytesReceived, bytesSent } = event.data;
        return (
          row && {
            ...row,
            ended: 1,
            endedAt: event.metadata.at,
            endReason: reason,
            endMessage: message,
            bytesReceived,
            bytesSent,
            version,
          }
        );
      }
    }
  },
});
