import type { IdentityObserved, IdentityUnlinked } from '../../domain/identity/events.ts';
import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { IdentityId, LoginId, TokenId, UserId } from '../../domain/kernel/ids.ts';
import { hasReached } from '../../domain/kernel/time.ts';
import { readPass } from '../commands/pass-streams.ts';
import type { UserPasswordSet } from '../../domain/user/events.ts';
import type { ActiveLoginRow, IdentityRow, ReadModels } from '../ports/read-models.ts';
import type { LoginProofs, TokenProofs } from '../ports/token-proofs.ts';
import { everyRow, upToHead } from '../reading.ts';
import {
  type Cause,
  endIdentity,
  type Ending,
  endingOf,
  endPerson,
  type EndTools,
  livePasses,
  unlinkAll,
} from '../identities/end-identity.ts';
import { endPasswordLogins } from '../identities/end-password.ts';
import type { Reaction } from './run-reactions.ts';

export interface EndPassesTools extends EndTools {
  readonly views: EndTools['views'] & Pick<ReadModels, 'directory'>;
  readonly proofs: TokenProofs;
  readonly loginProofs: LoginProofs;
}

/**
 * A revoked token and a closed login lose what proves them. A person who is disabled or removed loses every login, token
 * and key; an identity that left its provider or was unlinked takes those along that rest on it, and so does a local
 * password in the place of which another one was set.
 */
export function endPasses(deps: EndPassesTools): Reaction {
  return {
    name: 'end-passes',
    types: [
      'TemporaryTokenRevoked',
      'LoginClosed',
      'UserDisabled',
      'UserRemoved',
      'UserPasswordSet',
      'IdentityObserved',
      'IdentityUnlinked',
    ],
    react: async (event) => {
      switch (event.type) {
        case 'TemporaryTokenRevoked':
          return deps.proofs.drop(event.stream as TokenId);
        case 'LoginClosed':
          return deps.loginProofs.drop(event.stream as LoginId);
        case 'UserDisabled':
        case 'UserRemoved':
          return endUser(deps, event.stream as UserId, event.type === 'UserRemoved', causedBy(event));
        case 'UserPasswordSet': {
          const { keptLogin } = event.data as UserPasswordSet['data'];
          const set = { userId: event.stream as UserId, setAt: event.metadata.at, keptLogin };
          return endPasswordLogins(deps, set, causedBy(event));
        }
        default: {
          const ending = endingBy(event);
          const { userId } = event.data as (IdentityObserved | IdentityUnlinked)['data'];
          const identity = { identityId: event.stream as IdentityId, userId };
          if (ending !== null) await endIdentity(deps, identity, ending, causedBy(event));
        }
      }
    },
  };
}

function causedBy({ metadata, id }: StoredEvent): Cause {
  return { correlationId: metadata.correlationId, causationId: id };
}

async function endUser(deps: EndPassesTools, userId: UserId, removed: boolean, cause: Cause): Promise<void> {
  const ending: Ending = { reason: removed ? 'user-removed' : 'user-disabled', how: null };
  await endPerson(deps, userId, ending, cause);
  if (removed) await unlinkAll(deps, userId, cause);
}

/** What was said counts, also when something else has been said since. */
function endingBy(event: StoredEvent): Ending | null {
  if (event.type === 'IdentityUnlinked') return endingOf({ linked: 0, standing: null, seenBy: null });
  const { standing, by } = event.data as IdentityObserved['data'];
  return endingOf({ linked: 1, standing, seenBy: by });
}

/**
 * What the reaction could not do, because a crash or an error came between: ends the logins, tokens and keys of people
 * who are disabled or removed, of identities that left and of passwords that were replaced, and deletes what proves those that have expired, were ended,
 * or were never issued. Run at start and every minute.
 */
export async function sweepPasses(deps: EndPassesTools): Promise<void> {
  const { directory, activeTokens, activeKeys, activeLogins, identities } = deps.views;
  await upToHead(deps.tools.log, directory, activeTokens, activeKeys, activeLogins, identities);
  const cause: Cause = { correlationId: deps.tools.ids.uuid(), causationId: null };
  const live = [...livePasses(deps.views, {}), ...everyRow<ActiveLoginRow>(activeLogins, 'loginId', {})];
  for (const userId of new Set(live.map((one) => one.userId))) {
    const user = directory.get(userId);
    const removed = user?.removed === 1;
    if (removed || user?.disabled === 1) await endUser(deps, userId, removed, cause);
    if (user !== undefined && user.passwordSetAt !== null) {
      await endPasswordLogins(deps, { userId, setAt: user.passwordSetAt, keptLogin: user.keptLogin }, cause);
    }
    for (const row of everyRow<IdentityRow>(identities, 'identityId', { where: { userId } })) {
      const ending = endingOf(row);
      if (ending !== null) await endIdentity(deps, row, ending, cause);
    }
  }
  await sweepProofs(deps);
}

async function sweepProofs({ tools, proofs, loginProofs }: EndPassesTools): Promise<void> {
  const at = await tools.now();
  for (const { tokenId, expiresAt } of await proofs.list()) {
    const over = hasReached(at, expiresAt) || (await readPass(tools, tokenId)).status === 'revoked';
    if (over) await proofs.drop(tokenId);
  }
  for (const { loginId, expiresAt } of await loginProofs.list()) {
    if (hasReached(at, expiresAt)) await loginProofs.drop(loginId);
  }
}
