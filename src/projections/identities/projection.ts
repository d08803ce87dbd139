import type { IdentityRow } from '../../application/ports/read-models.ts';
import type { IdentityEvent } from '../../domain/identity/events.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { defineView, type Stored } from '../kit/define-view.ts';

/**
 * Whose every identity is and how its provider saw it last. Subject, name and e-mail address are personal, so that they
 * are read from the log itself (`knownIdentity`). What was unlinked stays, marked.
 */
export const identities = defineView<IdentityRow, IdentityEvent>({
  name: 'identities',
  version: 1,
  key: 'identityId',
  columns: {
    identityId: 'text',
    userId: 'text',
    provider: 'text',
    groups: 'json',
    standing: 'text',
    seenAt: 'text',
    seenBy: 'text',
    linked: 'integer',
    version: 'integer',
  },
  indexes: [['userId'], ['provider']],
  rowPer: 'stream',
  handles: ['IdentityLinked', 'IdentityObserved', 'IdentityUnlinked'],
  keys: (event) => [event.stream],

  apply(row, event, key) {
    if (!isStreamIdOf('identity', key)) return undefined;
    if (row !== undefined && event.streamVersion <= row.version) return row;
    const next = change(row, event, key);
    return next && { ...next, version: event.streamVersion };
  },
});

const unseen = { groups: [], standing: null, seenAt: null, seenBy: null } as const;

function change(
  row: IdentityRow | undefined,
  event: Stored<IdentityEvent>,
  identityId: IdentityRow['identityId'],
): IdentityRow | undefined {
  switch (event.type) {
    case 'IdentityLinked': {
      const { userId, provider } = event.data;
      return { identityId, userId, provider, ...unseen, linked: 1, version: 0 };
    }
    case 'IdentityObserved': {
      const { groups, standing, at, by } = event.data;
      return row && { ...row, groups, standing, seenAt: at, seenBy: by };
    }
    case 'IdentityUnlinked':
      return row && { ...row, ...unseen, linked: 0 };
  }
}
