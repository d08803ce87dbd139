import type { AnswerChallenge } from '../../domain/authentication/commands.ts';
import type { Mechanism } from '../../domain/authentication/events.ts';
import type { PendingAuthentication } from '../../domain/authentication/state.ts';
import type { AuthenticationId, UserId } from '../../domain/kernel/ids.ts';
import type { CommandContext } from '../commands/run-command.ts';
import type { AuthenticationAnswer } from '../ports/login-face.ts';
import type { Round } from './round.ts';

/** Whose answer to what. `round` is null unless it is the newest one of the mechanism. */
export interface AnswerGiven {
  readonly authenticationId: AuthenticationId;
  readonly state: PendingAuthentication;
  readonly mechanism: Mechanism;
  readonly answer: AuthenticationAnswer['answer'];
  readonly round: Round | null;
  readonly context: CommandContext;
}

/** What was found of an answer; the aggregate decides what follows. */
export type AnswerFacts = Omit<AnswerChallenge, 'type' | 'mechanismId' | 'roundId' | 'required' | 'at'> & {
  /** Who answered; null: nobody we know. */
  readonly person: UserId | null;
  readonly groups: readonly string[];
  /** Why somebody whom a provider named is nobody here, in words for them. */
  readonly notLinked: string | null;
};

export const nothingFound: AnswerFacts = {
  verified: false,
  identity: null,
  passwordId: null,
  factor: null,
  userStanding: 'disabled',
  identityStanding: null,
  person: null,
  groups: [],
  notLinked: null,
};
