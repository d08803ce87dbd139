import type {
  AuthenticationFailed,
  AuthenticationFailureReason,
  AuthenticationStarted,
  AuthenticationSucceeded,
  PassRefused,
  PassRefusalReason,
} from '../../domain/authentication/events.ts';
import type { Door } from '../../domain/kernel/door.ts';
import type { StoredEvent } from '../../domain/kernel/event.ts';
import type { UserId } from '../../domain/kernel/ids.ts';
import type { SessionOpened } from '../../domain/session/events.ts';
import type { EventLog } from '../ports/event-log.ts';

/**
 * What an event says of guessing. `manner`: guessed are answers of a login or passes; a right one of the one kind says
 * nothing of the other, so that who uses a token never hides who guesses a password beside them.
 */
export interface Outcome {
  readonly verdict: 'failed' | 'right';
  readonly manner: 'login' | 'pass';
  readonly userId: UserId | null;
  /** Keyed digest of the login name as it was given; null: none was, or it can't be read. */
  readonly nameKey: string | null;
  readonly source: string;
  readonly door: Door;
}

/** The event types that count. */
export const countedTypes = [
  'AuthenticationFailed',
  'AuthenticationSucceeded',
  'PassRefused',
  'SessionOpened',
] as const satisfies readonly string[];

/** Something was wrong that a guess gets wrong. All else was known to somebody, or never looked at. */
const guessedAnswers: readonly AuthenticationFailureReason[] = ['wrong-answer', 'unknown-user', 'other-person'];
const guessedPasses: readonly PassRefusalReason[] = ['unknown-user', 'malformed', 'no-match', 'bad-signature'];

/** Null: it says nothing. Rejects when the log can't be read. */
export async function outcomeOf(log: Pick<EventLog, 'readStream'>, event: StoredEvent): Promise<Outcome | null> {
  switch (event.type) {
    case 'PassRefused': {
      const { reason, userId, nameKey, door, source } = event.data as PassRefused['data'];
      if (!guessedPasses.includes(reason)) return null;
      return { verdict: 'failed', manner: 'pass', userId, nameKey, door, source };
    }
    case 'SessionOpened': {
      const { userId, protocol, source } = event.data as SessionOpened['data'];
      return { verdict: 'right', manner: 'pass', userId, nameKey: null, door: protocol, source };
    }
    case 'AuthenticationFailed': {
      const { reason, userId } = event.data as AuthenticationFailed['data'];
      return guessedAnswers.includes(reason) ? await ofLogin(log, event, 'failed', userId) : null;
    }
    case 'AuthenticationSucceeded': {
      const { userId } = event.data as AuthenticationSucceeded['data'];
      return await ofLogin(log, event, 'right', userId);
    }
    default:
      return null;
  }
}

/** The name stands in the beginning of the attempt; the last answer may have come from another network than that. */
async function ofLogin(
  log: Pick<EventLog, 'readStream'>,
  { stream, metadata: { actor } }: StoredEvent,
  verdict: Outcome['verdict'],
  userId: UserId | null,
): Promise<Outcome | null> {
  const [first] = await log.readStream(stream);
  if (first?.type !== 'AuthenticationStarted') return null;
  const { nameKey, door, source } = first.data as AuthenticationStarted['data'];
  return { verdict, manner: 'login', userId, nameKey, door, source: actor.kind === 'unknown' ? actor.source : source };
}
