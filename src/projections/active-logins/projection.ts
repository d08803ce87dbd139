import type { ActiveLoginRow } from '../../application/ports/read-models.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import type { LoginClosed, LoginOpened } from '../../domain/login/events.ts';
import { defineView } from '../kit/define-view.ts';

const dayMilliseconds = 86_400_000;

/** Logins that stand: at which door, from where, by which provider and identity. */
export const activeLogins = defineView<ActiveLoginRow, LoginOpened | LoginClosed>({
  name: 'active-logins',
  version: 1,
  key: 'loginId',
  columns: {
    loginId: 'text',
    userId: 'text',
    provider: 'text',
    identityId: 'text',
    door: 'text',
    source: 'text',
    factors: 'json',
    openedAt: 'text',
    expiresAt: 'text',
    version: 'integer',
  },
  indexes: [['userId', 'openedAt'], ['identityId'], ['expiresAt']],
  hot: true,
  expiry: { column: 'expiresAt', keepMilliseconds: dayMilliseconds },
  rowPer: 'stream',
  handles: ['LoginOpened', 'LoginClosed'],
  keys: (event) => [event.stream],

  apply(row, event, key) {
    if (!isStreamIdOf('login', key)) return undefined;
    if (row !== undefined && event.streamVersion <= row.version) return row;
    if (event.type === 'LoginClosed') return undefined;
    const { userId, provider, identityId, door, source, factors, expiresAt } = event.data;
    const opened = { openedAt: event.metadata.at, expiresAt, version: event.streamVersion };
    return { loginId: key, userId, provider, identityId, door, source, factors, ...opened };
  },
});
