import type { ActiveTokenRow } from '../../application/ports/read-models.ts';
import type { TokenEvent } from '../../domain/token/events.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { defineView } from '../kit/define-view.ts';

const dayMilliseconds = 86_400_000;

/** Tokens that can open sessions, with how often and from where they were used. */
export const activeTokens = defineView<ActiveTokenRow, TokenEvent>({
  name: 'active-tokens',
  version: 1,
  key: 'tokenId',
  columns: {
    tokenId: 'text',
    userId: 'text',
    loginId: 'text',
    protocols: 'json',
    targetId: 'text',
    issuedAt: 'text',
    expiresAt: 'text',
    lastUsedAt: 'text',
    lastUsedFrom: 'text',
    uses: 'integer',
    version: 'integer',
  },
  indexes: [['userId', 'expiresAt'], ['loginId'], ['expiresAt']],
  hot: true,
  expiry: { column: 'expiresAt', keepMilliseconds: dayMilliseconds },
  rowPer: 'stream',
  handles: ['TemporaryTokenIssued', 'SessionAdmitted', 'TemporaryTokenRevoked'],

  // A session may also be admitted on another kind of pass, which is no token of this list.
  keys: (event) => (isStreamIdOf('token', event.stream) ? [event.stream] : []),

  apply(row, event, key) {
    if (row !== undefined && event.streamVersion <= row.version) return row;
    switch (event.type) {
      case 'TemporaryTokenIssued': {
        const { userId, loginId, scope, expiresAt } = event.data;
        if (!isStreamIdOf('token', key)) return undefined;
        return {
          tokenId: key,
          userId,
          loginId,
          protocols: scope.protocols,
          targetId: scope.targetId,
          issuedAt: event.metadata.at,
          expiresAt,
          lastUsedAt: null,
          lastUsedFrom: null,
          uses: 0,
          version: event.streamVersion,
        };
      }
      case 'SessionAdmitted':
        return (
          row && {
            ...row,
            lastUsedAt: event.metadata.at,
            lastUsedFrom: event.data.source,
            uses: row.uses + 1,
            version: event.streamVersion,
          }
        );
      case 'TemporaryTokenRevoked':
        return undefined;
    }
  },
});
