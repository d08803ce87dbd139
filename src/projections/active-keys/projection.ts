import type { ActiveKeyRow } from '../../application/ports/read-models.ts';
import type { KeyEvent } from '../../domain/key/events.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { defineView } from '../kit/define-view.ts';
import { livePasses, newPass, usedPass } from '../kit/pass-use.ts';

/** Public keys that can open sessions. Fingerprint and comment are personal, so that they are read from the log itself. */
export const activeKeys = defineView<ActiveKeyRow, KeyEvent>({
  ...livePasses,
  name: 'active-keys',
  version: 1,
  key: 'keyId',
  columns: { keyId: 'text', ...livePasses.columns, algorithm: 'text' },
  handles: ['PublicKeyRegistered', 'SessionAdmitted', 'PublicKeyRevoked'],
  keys: (event) => (isStreamIdOf('key', event.stream) ? [event.stream] : []),

  apply(row, event, key) {
    if (row !== undefined && event.streamVersion <= row.version) return row;
    switch (event.type) {
      case 'PublicKeyRegistered':
        return isStreamIdOf('key', key)
          ? { keyId: key, ...newPass(event), algorithm: event.data.algorithm }
          : undefined;
      case 'SessionAdmitted':
        return usedPass(row, event);
      case 'PublicKeyRevoked':
        return undefined;
    }
  },
});
