import type { RevocationRow } from '../../application/ports/read-models.ts';
import type { PublicKeyRevoked } from '../../domain/key/events.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import type { TemporaryTokenRevoked } from '../../domain/token/events.ts';
import { defineView } from '../kit/define-view.ts';

const dayMilliseconds = 86_400_000;

/** Passes that must not be taken any more although their time is not up. */
export const revocationList = defineView<RevocationRow, TemporaryTokenRevoked | PublicKeyRevoked>({
  name: 'revocation-list',
  version: 2,
  key: 'passId',
  columns: { passId: 'text', userId: 'text', reason: 'text', revokedAt: 'text', expiresAt: 'text' },
  indexes: [['userId'], ['revokedAt'], ['expiresAt']],
  hot: true,
  expiry: { column: 'expiresAt', keepMilliseconds: dayMilliseconds },
  rowPer: 'stream',
  handles: ['TemporaryTokenRevoked', 'PublicKeyRevoked'],
  keys: (event) => [event.stream],

  // A pass is revoked once and for all: the first word stands.
  apply(row, event, key) {
    if (row !== undefined || !(isStreamIdOf('token', key) || isStreamIdOf('key', key))) return row;
    const { userId, reason, expiresAt } = event.data;
    return { passId: key, userId, reason, revokedAt: event.metadata.at, expiresAt };
  },
});
