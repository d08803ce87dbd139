import type { Decider, Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import { sameJson } from '../kernel/json.ts';
import { hasReached, plusMilliseconds } from '../kernel/time.ts';
import type {
  AnswerChallenge,
  AuthenticationCommand,
  RefuseKeyProof,
  RefusePass,
  StartAuthentication,
} from './commands.ts';
import type { AuthenticationEvent, AuthenticationFailed, AuthenticationFailureReason, Mechanism } from './events.ts';
import type { AuthenticationState } from './state.ts';

export type AuthenticationCode =
  | 'no-challenge'
  | 'duplicate-mechanism'
  | 'already-started'
  | 'absent'
  | 'attempt-over'
  | 'wrong-mechanism';
type AuthenticationDecision = Decision<AuthenticationEvent, AuthenticationCode>;
type Pending = Extract<AuthenticationState, { status: 'pending' }>;

/** How long an attempt may take. */
export const attemptMilliseconds = 5 * 60_000;

function over(): AuthenticationDecision {
  return reject('attempt-over', 'this login attempt is over; start a new one');
}

function start({ attempt, at }: StartAuthentication, state: AuthenticationState): AuthenticationDecision {
  if (state.status === 'pending') {
    if (sameJson(state.attempt, { ...attempt, expiresAt: state.attempt.expiresAt })) return accept();
    return reject('already-started', 'another login attempt runs under this id; start one under a new id');
  }
  if (state.status !== 'absent') return over();
  if (attempt.challenges.length === 0 || attempt.challenges.some(({ mechanisms }) => mechanisms.length === 0)) {
    return reject('no-challenge', 'a login attempt needs challenges, each with a mechanism to meet it');
  }
  const ids = attempt.challenges.flatMap(({ mechanisms }) => mechanisms.map(({ id }) => id));
  if (new Set(ids).size !== ids.length) {
    return reject('duplicate-mechanism', 'each mechanism of a login attempt needs an id of its own');
  }
  const expiresAt = plusMilliseconds(at, attemptMilliseconds);
  return accept({ type: 'AuthenticationStarted', data: { ...attempt, expiresAt } });
}

function failed({ attempt }: Pending, reason: AuthenticationFailureReason): AuthenticationFailed {
  const { userId, door, source } = attempt;
  return { type: 'AuthenticationFailed', data: { userId, reason, door, source } };
}

function answer(command: AnswerChallenge, state: AuthenticationState): AuthenticationDecision {
  if (state.status === 'absent') return reject('absent', 'there is no such login attempt; start one');
  if (state.status !== 'pending') return over();
  if (hasReached(command.at, state.attempt.expiresAt)) return accept(failed(state, 'expired'));
  const mechanism = currentMechanism(state, command.mechanismId);
  if (mechanism === undefined) {
    return reject('wrong-mechanism', 'this mechanism does not belong to the challenge that is to be met now');
  }
  // A name nobody has never gets in, whatever a provider says.
  if (!command.verified || state.attempt.userId === null) return wrongAnswer(state, mechanism);
  return rightAnswer(command, state, mechanism, state.attempt.userId);
}

function currentMechanism(state: Pending, id: string): Mechanism | undefined {
  return state.attempt.challenges[state.challenge]?.mechanisms.find((mechanism) => mechanism.id === id);
}

function answered(state: Pending, mechanism: Mechanism, accepted: boolean): AuthenticationEvent {
  return { type: 'ChallengeAnswered', data: { challenge: state.challenge, mechanismId: mechanism.id, accepted } };
}

function wrongAnswer(state: Pending, mechanism: Mechanism): AuthenticationDecision {
  // One wrong answer ends the attempt: each failed login is one event that an auditor finds.
  const wrong = answered(state, mechanism, false);
  return accept(wrong, failed(state, state.attempt.userId === null ? 'unknown-user' : 'wrong-answer'));
}

function rightAnswer(
  { userStanding }: AnswerChallenge,
  state: Pending,
  mechanism: Mechanism,
  userId: NonNullable<Pending['attempt']['userId']>,
): AuthenticationDecision {
  const right = answered(state, mechanism, true);
  if (state.challenge + 1 < state.attempt.challenges.length) return accept(right);
  // Said only to somebody who met every challenge.
  if (userStanding !== 'active') return accept(right, failed(state, userStanding));
  const { clientId, door } = state.attempt;
  const factors = [...state.factors, mechanism.name];
  return accept(right, { type: 'AuthenticationSucceeded', data: { userId, factors, clientId, door } });
}

function cancel(state: AuthenticationState): AuthenticationDecision {
  if (state.status === 'absent') return reject('absent', 'there is no such login attempt');
  if (state.status === 'pending') return accept(failed(state, 'cancelled'));
  if (state.status === 'failed' && state.reason === 'cancelled') return accept();
  return over();
}

function refusePass({ refusal }: RefusePass, state: AuthenticationState): AuthenticationDecision {
  if (state.status === 'absent') return accept({ type: 'PassRefused', data: refusal });
  if (state.status === 'pass-refused' && sameJson(state.refusal, refusal)) return accept();
  return reject('already-started', 'a refused pass is noted under an id of its own');
}

function refuseKeyProof({ refusal }: RefuseKeyProof, state: AuthenticationState): AuthenticationDecision {
  if (state.status === 'absent') return accept({ type: 'KeyProofRefused', data: refusal });
  if (state.status === 'key-proof-refused' && sameJson(state.refusal, refusal)) return accept();
  return reject('already-started', 'a key that was not proven is noted under an id of its own');
}

function decide(command: AuthenticationCommand, state: AuthenticationState): AuthenticationDecision {
  switch (command.type) {
    case 'start':
      return start(command, state);
    case 'answer':
      return answer(command, state);
    case 'cancel':
      return cancel(state);
    case 'refuse-pass':
      return refusePass(command, state);
    case 'refuse-key-proof':
      return refuseKeyProof(command, state);
  }
}

function evolve(state: AuthenticationState, event: AuthenticationEvent): AuthenticationState {
  switch (event.type) {
    case 'AuthenticationStarted':
      return { status: 'pending', attempt: event.data, challenge: 0, factors: [] };
    case 'ChallengeAnswered': {
      if (state.status !== 'pending') return state;
      if (!event.data.accepted) return state;
      const name = currentMechanism(state, event.data.mechanismId)?.name;
      const factors = name === undefined ? state.factors : [...state.factors, name];
      return { ...state, challenge: state.challenge + 1, factors };
    }
    case 'AuthenticationSucceeded':
      return { status: 'succeeded' };
    case 'AuthenticationFailed':
      return { status: 'failed', reason: event.data.reason };
    case 'PassRefused':
      return { status: 'pass-refused', refusal: event.data };
    case 'KeyProofRefused':
      return { status: 'key-proof-refused', refusal: event.data };
  }
}

/** One login attempt: providers report facts, this decides. Challenges are met in order, all of them, in 5 minutes. */
export const authenticationDecider: Decider<
  AuthenticationState,
  AuthenticationCommand,
  AuthenticationEvent,
  AuthenticationCode
> = { initial: { status: 'absent' }, decide, evolve };
