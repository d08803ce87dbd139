import type { RevocationRow } from '../../application/ports/read-models.ts';
import type { TemporaryTokenRevoked } from '../../domain/token/events.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { defineView } from '../kit/define-view.ts';

const dayMilliseconds = 86_400_000;

/** Passes that must not be taken any more although their time is not up. */
export const revocationList = defineView<RevocationRow, TemporaryTokenRevoked>({
  name: 'revocation-list',
  version: 1,
  key: 'passId',
  columns: { passId: 'text', userId: 'text', reason: 'text', revokedAt: 'text', expiresAt: 'text' },
  indexes: [['userId'], ['revokedAt'], ['expiresAt']],
  hot: true,
  expiry: { column: 'expiresAt', keepMilliseconds: dayMilliseconds },
  rowPer: 'stream',
  handles: ['TemporaryTokenRevoked'],
  keys: (event) => [event.stream],

  // A pass is revoked once and for all: the first word stands.
  apply(row, event, key) {
    if (row !== undefined || !isStreamIdOf('token', key)) return row;
    const { userId, reason, expiresAt } = event.data;
    return { passId: key, userId, reason, revokedAt: event.metadata.at, expiresAt };
  },
});
