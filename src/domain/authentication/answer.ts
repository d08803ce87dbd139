import { canBeMet, haveOwnIds, isFactor } from './challenges.ts';
import type { AnswerChallenge } from './commands.ts';
import {
  type AuthenticationEvent,
  type AuthenticationFailed,
  type AuthenticationFailureReason,
  type Challenge,
  localProvider,
  type Mechanism,
} from './events.ts';
import type { PendingAuthentication } from './state.ts';

type Events = readonly AuthenticationEvent[];
type Reason = AuthenticationFailureReason | null;

export function failed(
  { attempt, person }: PendingAuthentication,
  reason: AuthenticationFailureReason,
): AuthenticationFailed {
  const { userId, door, source } = attempt;
  return { type: 'AuthenticationFailed', data: { userId: person ?? userId, reason, door, source } };
}

/** What follows from an answer by the right mechanism, in time. */
export function eventsOfAnswer(command: AnswerChallenge, state: PendingAuthentication, mechanism: Mechanism): Events {
  const wrong = wrongness(command, state, mechanism);
  // One wrong answer ends the attempt: each failed login is one event that an auditor finds.
  if (wrong !== null) return [answered(state, mechanism, null), failed(state, wrong)];
  return rightAnswer(command, state, mechanism);
}

/** What a wrong answer was checked against is nobody's business. */
function answered(
  { challenge }: PendingAuthentication,
  { id }: Mechanism,
  right: Pick<AnswerChallenge, 'factor' | 'passwordId'> | null,
): AuthenticationEvent {
  const known = { factorId: right?.factor?.factorId ?? null, passwordId: right?.passwordId ?? null };
  return { type: 'ChallengeAnswered', data: { challenge, mechanismId: id, accepted: right !== null, ...known } };
}

function wrongness(command: AnswerChallenge, state: PendingAuthentication, mechanism: Mechanism): Reason {
  const { attempt, person } = state;
  const local = attempt.provider === localProvider;
  // A name nobody has never gets in, whatever a provider says.
  if (local && person === null) return 'unknown-user';
  if (!command.verified) return 'wrong-answer';
  if (isFactor(mechanism)) return isOwnFactor(command, state, mechanism) ? null : 'wrong-answer';
  if (local) return command.identity === null ? null : 'wrong-answer';
  return identityProblem(command, state);
}

/** A factor counts for the person alone, where it was asked for, and once in an attempt. */
function isOwnFactor(command: AnswerChallenge, state: PendingAuthentication, { factorIds }: Mechanism): boolean {
  const { factor, identity } = command;
  if (identity !== null || factor === null) return false;
  if (factor.userId !== state.person) return false;
  return factorIds.includes(factor.factorId) && !state.factorIds.includes(factor.factorId);
}

/** An attempt ends as the one it began with (security rule A6). */
function identityProblem({ identity }: AnswerChallenge, { attempt, identityId }: PendingAuthentication): Reason {
  if (identity?.provider !== attempt.provider) return 'wrong-answer';
  if (identityId !== null && identity.identityId !== identityId) return 'other-person';
  if (identity.linkedTo === null || attempt.userId === null || identity.linkedTo === attempt.userId) return null;
  return attempt.purpose === 'link' ? 'linked-elsewhere' : 'other-person';
}

function rightAnswer(command: AnswerChallenge, before: PendingAuthentication, mechanism: Mechanism): Events {
  const known = isFactor(mechanism) ? { ...command, passwordId: null } : { ...command, factor: null };
  const right = [answered(before, mechanism, known), ...identified(command)];
  const state = afterAnswer(command, before, mechanism);
  if (state.challenge < state.challenges.length) return right;
  const standing = standingProblem(command, state);
  const asked = askedOnTop(command, state);
  if (asked === 'no-factor' || asked === 'no-policy') return [...right, failed(state, standing ?? asked)];
  if (asked !== null) return [...right, { type: 'ChallengesAppended', data: { challenges: asked } }];
  // Said only to somebody who met every challenge.
  if (standing !== null) return [...right, failed(state, standing)];
  return [...right, ...succeeded(state)];
}

function identified({ identity }: AnswerChallenge): Events {
  if (identity === null) return [];
  const { identityId, linkedTo } = identity;
  return [{ type: 'AuthenticationIdentified', data: { userId: linkedTo, identityId } }];
}

/** The state once the answer stands. */
function afterAnswer(
  { identity }: AnswerChallenge,
  state: PendingAuthentication,
  { name }: Mechanism,
): PendingAuthentication {
  const next = { ...state, challenge: state.challenge + 1, factors: [...state.factors, name] };
  return identity === null ? next : withIdentity(next, identity.identityId, identity.linkedTo);
}

/** Somebody who links is who they were before; at a login the identity says who it is. */
export function withIdentity(
  state: PendingAuthentication,
  identityId: NonNullable<AnswerChallenge['identity']>['identityId'],
  linkedTo: PendingAuthentication['person'],
): PendingAuthentication {
  return { ...state, identityId, person: state.attempt.purpose === 'link' ? state.attempt.userId : linkedTo };
}

/** Challenges to append, once; null: none. A fresh factor is all that it asks for. */
function askedOnTop(
  { required }: AnswerChallenge,
  { appended, person, attempt, challenges }: PendingAuthentication,
): readonly Challenge[] | 'no-factor' | 'no-policy' | null {
  if (appended || person === null || attempt.purpose === 'fresh-factor') return null;
  if (required === null) return 'no-policy';
  if (required.length === 0) return null;
  const sound = canBeMet(required) && haveOwnIds([...challenges, ...required]);
  return sound && required.every(({ mechanisms }) => mechanisms.every(isFactor)) ? required : 'no-factor';
}

function standingProblem({ userStanding, identityStanding }: AnswerChallenge, state: PendingAuthentication): Reason {
  const { attempt, person, identityId } = state;
  if (person === null) return 'not-linked';
  // A password that must be changed is no matter to somebody who does not log in with it.
  const ownPassword = attempt.provider === localProvider;
  if (userStanding === 'disabled' || (userStanding === 'must-change' && ownPassword)) return userStanding;
  if (identityStanding === null) return identityId === null ? null : 'identity-gone';
  return identityStanding === 'active' ? null : `identity-${identityStanding}`;
}

function succeeded({ attempt, person, factors, identityId }: PendingAuthentication): Events {
  const { clientId, door, provider, purpose, loginId } = attempt;
  if (person === null) return [];
  const data = { userId: person, factors, clientId, door, provider, purpose, loginId, identityId };
  return [{ type: 'AuthenticationSucceeded', data }];
}
