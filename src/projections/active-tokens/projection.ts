import type { ActiveTokenRow } from '../../application/ports/read-models.ts';
import type { TokenEvent } from '../../domain/token/events.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { defineView } from '../kit/define-view.ts';
import { livePasses, newPass, usedPass } from '../kit/pass-use.ts';

/** Tokens that can open sessions, with how often and from where they were used. */
export const activeTokens = defineView<ActiveTokenRow, TokenEvent>({
  ...livePasses,
  name: 'active-tokens',
  version: 2,
  key: 'tokenId',
  columns: { tokenId: 'text', ...livePasses.columns, protocols: 'json', targetId: 'text' },
  handles: ['TemporaryTokenIssued', 'SessionAdmitted', 'TemporaryTokenRevoked'],

  // A session may also be admitted on another kind of pass, which is no token of this list.
  keys: (event) => (isStreamIdOf('token', event.stream) ? [event.stream] : []),

  apply(row, event, key) {
    if (row !== undefined && event.streamVersion <= row.version) return row;
    switch (event.type) {
      case 'TemporaryTokenIssued': {
        if (!isStreamIdOf('token', key)) return undefined;
        const { protocols, targetId } = event.data.scope;
        return { tokenId: key, ...newPass(event), protocols, targetId };
      }
      case 'SessionAdmitted':
        return usedPass(row, event);
      case 'TemporaryTokenRevoked':
        return undefined;
    }
  },
});
