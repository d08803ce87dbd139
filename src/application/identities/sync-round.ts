import type { IdentityId, UserId } from '../../domain/kernel/ids.ts';
import type { CommandTools } from '../commands/run-command.ts';
import type { DirectoryProvider, RedirectProvider } from '../ports/identity-providers.ts';
import type { IdentityRow, ReadModels } from '../ports/read-models.ts';
import { everyRow, upToHead } from '../reading.ts';
import { askDirectory } from './ask-directory.ts';
import { askProvider, NotProven } from './ask-provider.ts';
import { grantsInUse, type GrantTools } from './grants-in-use.ts';

export interface SyncRoundTools {
  readonly tools: CommandTools;
  readonly views: Pick<ReadModels, 'identities' | 'activeLogins' | 'activeTokens' | 'activeKeys'>;
}

/** So many questions in a row without an answer: the directory is away, and the next round asks again. */
const mostUnanswered = 3;
const pageSize = 1_000;

export interface SyncRound {
  readonly asked: number;
  /** Questions without an answer, and why the first of them had none. */
  readonly unanswered: number;
  readonly problem: string | null;
}

/**
 * Asks a directory for every person linked to it, one after the other; those who have something open come first. An error
 * changes nothing for the person it is about. Errors: those of the log and the views.
 */
export async function syncRound(
  deps: SyncRoundTools,
  provider: string,
  directory: DirectoryProvider,
  signal: AbortSignal,
): Promise<SyncRound> {
  await upToHead(deps.tools.log, deps.views.identities, deps.views.activeLogins);
  const base = knownBase(directory);
  const ask = async (identityId: IdentityId): Promise<void> => {
    if ((await askDirectory(deps.tools, directory, identityId, base.mayMiss)) === 'seen') base.seen();
  };
  return await askEach(toAsk(deps, provider), ask, signal);
}

/** The same of a provider that can be asked by what logins left, for those alone who have something open. */
export async function grantRound(
  deps: GrantTools,
  provider: string,
  ask: NonNullable<RedirectProvider['ask']>,
  signal: AbortSignal,
): Promise<SyncRound> {
  const open = (await grantsInUse(deps)).filter((row) => row.provider === provider);
  return await askEach(
    open.map(({ identityId }) => identityId),
    (identityId) => askProvider(deps, ask, identityId),
    signal,
  );
}

async function askEach(
  identities: Iterable<IdentityId>,
  ask: (identityId: IdentityId) => Promise<unknown>,
  signal: AbortSignal,
): Promise<SyncRound> {
  let [asked, unanswered, inARow] = [0, 0, 0];
  let problem: string | null = null;
  for (const identityId of identities) {
    if (signal.aborted || inARow >= mostUnanswered) break;
    asked += 1;
    try {
      await ask(identityId);
      inARow = 0;
    } catch (error) {
      // Who sends something that proves nothing is there.
      [unanswered, inARow] = [unanswered + 1, error instanceof NotProven ? 0 : inARow + 1];
      problem ??= error instanceof Error ? error.message : String(error);
    }
  }
  return { asked, unanswered, problem };
}

/**
 * Nobody is taken for gone before the directory has shown anybody at all: a wrong base or a lost right to read looks as
 * if everybody had left.
 */
function knownBase(directory: DirectoryProvider): {
  readonly seen: () => void;
  readonly mayMiss: () => Promise<boolean>;
} {
  let shown = false;
  return {
    seen: () => {
      shown = true;
    },
    mayMiss: async () => {
      // Rejects when nobody is there.
      if (!shown) for await (const _ of directory.everybody()) break;
      shown = true;
      return true;
    },
  };
}

/** Every identity of the provider that is linked, those of people with a login, token or key first. */
function* toAsk({ views }: SyncRoundTools, provider: string): Generator<IdentityId> {
  const first = new Set<IdentityId>();
  for (const userId of peopleInside(views)) {
    for (const row of everyRow<IdentityRow>(views.identities, 'identityId', { where: { userId } })) {
      if (row.provider !== provider || row.linked === 0) continue;
      first.add(row.identityId);
      yield row.identityId;
    }
  }
  let after: { readonly value: IdentityId; readonly key: IdentityId } | null = null;
  for (;;) {
    const rows: readonly IdentityRow[] = views.identities.find({
      where: { provider, linked: 1 },
      orderBy: 'identityId',
      limit: pageSize,
      ...(after === null ? {} : { after }),
    });
    for (const { identityId } of rows) if (!first.has(identityId)) yield identityId;
    const last = rows.at(-1);
    if (last === undefined || rows.length < pageSize) return;
    after = { value: last.identityId, key: last.identityId };
  }
}

function peopleInside({ activeLogins, activeTokens, activeKeys }: SyncRoundTools['views']): ReadonlySet<UserId> {
  return new Set([
    ...everyRow(activeLogins, 'loginId', {}).map(({ userId }) => userId),
    ...everyRow(activeTokens, 'tokenId', {}).map(({ userId }) => userId),
    ...everyRow(activeKeys, 'keyId', {}).map(({ userId }) => userId),
  ]);
}
