import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { PassId, SessionId, UserId } from '../../domain/kernel/ids.ts';
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
  'GroupDeclared',
  'GroupWithdrawn',
  'TargetDeclared',
  'TargetWithdrawn',
  'AccountDeclared',
  'AccountWithdrawn',
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
  const ask = oneAtATime(() => askAgain(deps));
  return {
    name: 'cut-sessions',
    types: ['TemporaryTokenRevoked', 'PublicKeyRevoked', 'SessionEndOrdered', ...changes],
    react: (event) => {
      cut(deps, event);
      if (changes.has(event.type)) ask();
      return Promise.resolve();
    },
  };
}

function cut({ terminations }: CutSessionsTools, event: StoredEvent): void {
  if (changes.has(event.type)) terminations.noteChange();
  switch (event.type) {
    case 'TemporaryTokenRevoked':
    case 'PublicKeyRevoked': {
      const pass = event.stream as PassId;
      terminations.terminate({ pass }, revokedReason(pass), endMessage(revokedReason(pass)));
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

async function askAgain(deps: CutSessionsTools): Promise<void> {
  for (const { grounds } of deps.terminations.all()) {
    const lost = await lostNow(deps, grounds);
    if (lost !== null) deps.terminations.terminate({ session: grounds.sessionId }, lost.reason, lost.message);
  }
}

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
