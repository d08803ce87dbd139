import type { ActivePassRow } from '../../application/ports/read-models.ts';
import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { AdmittedSession } from '../../domain/kernel/pass.ts';

const dayMilliseconds = 86_400_000;

/** What the views of live passes have in common: a row goes a day after the end of its pass. */
export const livePasses = {
  columns: {
    userId: 'text',
    loginId: 'text',
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
} as const;

/** The common part of the row of a new pass. */
export function newPass(
  event: Pick<StoredEvent, 'metadata' | 'streamVersion'> & {
    readonly data: Pick<ActivePassRow, 'userId' | 'loginId' | 'expiresAt'>;
  },
): ActivePassRow {
  const { userId, loginId, expiresAt } = event.data;
  const unused = { lastUsedAt: null, lastUsedFrom: null, uses: 0 };
  return { userId, loginId, issuedAt: event.metadata.at, expiresAt, ...unused, version: event.streamVersion };
}

/** The row after one more session. */
export function usedPass<R extends ActivePassRow>(
  row: R | undefined,
  event: Pick<StoredEvent, 'metadata' | 'streamVersion'> & { readonly data: AdmittedSession },
): R | undefined {
  return (
    row && {
      ...row,
      lastUsedAt: event.metadata.at,
      lastUsedFrom: event.data.source,
      uses: row.uses + 1,
      version: event.streamVersion,
    }
  );
}
