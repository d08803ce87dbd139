import type { IdentityObserved } from '../../domain/identity/events.ts';
import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { IdentityId, PassId, SessionId, UserId } from '../../domain/kernel/ids.ts';
import type { PassRevocation } from '../../domain/kernel/pass.ts';
import { hasLeft, type LearnedBy } from '../../domain/kernel/standing.ts';
import type { LoginClosed } from '../../domain/login/events.ts';
import type { SessionEndOrdered } from '../../domain/session/events.ts';
import { endMessage, revokedReason } from '../admission/end-messages.ts';
import { type DecideAccessTools, decideAccess } from '../admission/decide-access.ts';
import { type LostGround, lostGround } from '../admission/still-granted.ts';
import type { Grounds, Terminations } from '../admission/terminations.ts';
import type { ProcessLog } from '../ports/system.ts';
import type { Reaction } from './run-reactions.ts';

export interface CutSessionsTools extends DecideAccessTools {
  readonly terminations: Terminations;
  readonly processLog: ProcessLog;
}

/** Whatever may take a right away: open sessions are asked again whether they would still be admitted as they are. */
const changes = new Set([
  'UserMembershipsSet',
  'UserDisabled',
  'UserRemoved',
  'IdentityObserved',
  'IdentityUnlinked',
  'GroupDeclared',
  'GroupWithdrawn',
  'TargetDeclared',
  'TargetWithdrawn',
  'AccountDeclared',
  'AccountWithdrawn',
  'SshKeyDeclared',
  'ConditionDeclared',
  'ConditionWithdrawn',
  'EntitlementDeclared',
  'EntitlementWithdrawn',
  'PolicyDeclared',
  'PolicyWithdrawn',
]);

/**
 * Ends what an event took the ground from, on this node. Delivering an event twice is harmless. Asking every session
 * again takes its time, so that it goes on beside the events: a revocation never waits for it.
 */
export function cutSessions(deps: CutSessionsTools): Reaction {
  const learned = new Map<IdentityId, LearnedBy>();
  const ask = oneAtATime(() => {
    const causes = new Map(learned);
    learned.clear();
    return askAgain(deps, causes);
  });
  return {
    name: 'cut-sessions',
    types: ['TemporaryTokenRevoked', 'PublicKeyRevoked', 'LoginClosed', 'SessionEndOrdered', ...changes],
    react: (event) => {
      cut(deps, event);
      if (event.type === 'IdentityObserved') {
        learned.set(event.stream as IdentityId, (event.data as IdentityObserved['data']).by);
      }
      if (changes.has(event.type)) ask();
      return Promise.resolve();
    },
  };
}

function cut({ terminations }: CutSessionsTools, event: StoredEvent): void {
  if (changes.has(event.type)) terminations.noteChange();
  switch (event.type) {
    case 'TemporaryTokenRevoked':
    case 'PublicKeyRevoked':
    case 'LoginClosed': {
      const pass = event.stream as PassId;
      const { reason: why, how } = event.data as PassRevocation | LoginClosed['data'];
      const reason = revokedReason(pass, why);
      terminations.terminate({ pass }, reason, endMessage(reason), how);
      return;
    }
    case 'SessionEndOrdered': {
      const { message } = event.data as SessionEndOrdered['data'];
      const session = event.stream as SessionId;
      const { actor } = event.metadata;
      const held = terminations.all().find(({ grounds }) => grounds.sessionId === session);
      const own = actor.kind === 'user' && actor.userId === held?.grounds.userId;
      const reason = own ? 'owner' : 'administrator';
      const text = message === null ? endMessage(reason) : `${endMessage(reason)}: ${message}`;
      terminations.terminate({ session }, reason, text);
      return;
    }
    case 'IdentityObserved': {
      const { standing, by } = event.data as IdentityObserved['data'];
      const identity = event.stream as IdentityId;
      if (hasLeft(standing)) terminations.terminate({ identity }, 'identity-left', endMessage('identity-left'), by);
      return;
    }
    case 'IdentityUnlinked': {
      const identity = event.stream as IdentityId;
      terminations.terminate({ identity }, 'identity-unlinked', endMessage('identity-unlinked'));
      return;
    }
    case 'UserDisabled':
    case 'UserRemoved':
      terminations.terminate({ user: event.stream as UserId }, 'user-disabled', endMessage('user-disabled'));
  }
}

/** Calls while `work` runs lead to one more run after it. `work` never rejects. */
function oneAtATime(work: () => Promise<void>): () => void {
  let wanted = false;
  let running = false;
  return () => {
    wanted = true;
    if (running) return;
    running = true;
    void (async () => {
      while (wanted) {
        wanted = false;
        await work();
      }
      running = false;
    })();
  };
}

/** `causes`: of which identities a provider said something since they were asked last. */
async function askAgain(deps: CutSessionsTools, causes: ReadonlyMap<IdentityId, LearnedBy>): Promise<void> {
  for (const { grounds } of deps.terminations.all()) {
    const lost = await lostNow(deps, grounds);
    if (lost === null) continue;
    const { sessionId: session, identityId } = grounds;
    const how = identityId === null || !ofProvider.has(lost.reason) ? null : (causes.get(identityId) ?? null);
    deps.terminations.terminate({ session }, lost.reason, lost.message, how);
  }
}

/** What the word of a provider can take away. */
const ofProvider: ReadonlySet<LostGround['reason']> = new Set<LostGround['reason']>([
  'entitlement-lost',
  'identity-left',
]);

/** Null when the session would be admitted now as it is; an error is a no. */
async function lostNow(deps: CutSessionsTools, { basis, sessionId }: Grounds): Promise<LostGround | null> {
  if (basis === null) return null;
  try {
    return lostGround(basis.admitted, await decideAccess(deps, basis.wish));
  } catch (error) {
    deps.processLog.error('a session could not be checked again, so it ends', { sessionId, error: String(error) });
    return { reason: 'entitlement-lost', message: endMessage('entitlement-lost') };
  }
}
