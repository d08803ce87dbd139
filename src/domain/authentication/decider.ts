import type { Decider, Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import { sameJson } from '../kernel/json.ts';
import { hasReached, plusMilliseconds } from '../kernel/time.ts';
import { eventsOfAnswer, failed, withIdentity } from './answer.ts';
import { currentMechanism, needsBeginning } from './challenges.ts';
import type {
  AnswerChallenge,
  AuthenticationCommand,
  BeginMechanism,
  RefuseKeyProof,
  RefusePass,
  StartAuthentication,
  UseFreshFactor,
} from './commands.ts';
import { type AuthenticationEvent, type AuthenticationStarted, localProvider } from './events.ts';
import { type StartCode, startProblem } from './start.ts';
import type { AuthenticationState, PendingAuthentication } from './state.ts';

export type AuthenticationCode =
  | StartCode
  | 'already-started'
  | 'absent'
  | 'attempt-over'
  | 'wrong-mechanism'
  | 'nothing-to-begin'
  | 'too-many-rounds'
  | 'not-begun'
  | 'not-fresh'
  | 'other-factor'
  | 'used';
type AuthenticationDecision = Decision<AuthenticationEvent, AuthenticationCode>;

/** How long an attempt may take. */
export const attemptMilliseconds = 5 * 60_000;
/** How often an attempt sends somebody to a provider or asks for a signature: a page that is loaded again begins anew. */
const mostRounds = 10;

function over(): AuthenticationDecision {
  return reject('attempt-over', 'this login attempt is over; start a new one');
}

function start({ attempt, at }: StartAuthentication, state: AuthenticationState): AuthenticationDecision {
  if (state.status === 'pending') {
    if (sameJson(state.attempt, { ...attempt, expiresAt: state.attempt.expiresAt })) return accept();
    return reject('already-started', 'another login attempt runs under this id; start one under a new id');
  }
  if (state.status !== 'absent') return over();
  const problem = startProblem(attempt);
  if (problem !== null) return { ok: false, rejection: problem };
  const expiresAt = plusMilliseconds(at, attemptMilliseconds);
  return accept({ type: 'AuthenticationStarted', data: { ...attempt, expiresAt } });
}

function advance(command: AnswerChallenge | BeginMechanism, state: AuthenticationState): AuthenticationDecision {
  if (state.status === 'absent') return reject('absent', 'there is no such login attempt; start one');
  if (state.status !== 'pending') return over();
  if (hasReached(command.at, state.attempt.expiresAt)) return accept(failed(state, 'expired'));
  const mechanism = currentMechanism(state, command.mechanismId);
  if (mechanism === undefined) {
    return reject('wrong-mechanism', 'this mechanism does not belong to the challenge that is to be met now');
  }
  if (command.type === 'begin') {
    if (needsBeginning(mechanism)) return begin(command, state);
    return reject('nothing-to-begin', 'this mechanism is answered at once');
  }
  const { mechanismId, roundId } = command;
  // What nobody here asked for, or was answered by somebody else's browser, does not end an attempt either (A5).
  if (needsBeginning(mechanism) && !sameJson(state.round, { mechanismId, roundId })) {
    return reject('not-begun', 'this answers nothing that was asked in this login attempt; begin again');
  }
  return accept(...eventsOfAnswer(command, state, mechanism));
}

function begin({ mechanismId, roundId }: BeginMechanism, state: PendingAuthentication): AuthenticationDecision {
  if (sameJson(state.round, { mechanismId, roundId })) return accept();
  if (state.rounds >= mostRounds) return reject('too-many-rounds', 'this was begun too often; start a new login');
  return accept({ type: 'MechanismBegun', data: { challenge: state.challenge, mechanismId, roundId } });
}

function cancel(state: AuthenticationState): AuthenticationDecision {
  if (state.status === 'absent') return reject('absent', 'there is no such login attempt');
  if (state.status === 'pending') return accept(failed(state, 'cancelled'));
  if (state.status === 'failed' && state.reason === 'cancelled') return accept();
  return over();
}

function useFreshFactor(command: UseFreshFactor, state: AuthenticationState): AuthenticationDecision {
  const { userId, loginId, use, mechanisms, at } = command;
  if (state.status !== 'succeeded' || state.success.purpose !== 'fresh-factor') return notFresh();
  const { success, until, usedFor } = state;
  if (success.userId !== userId || success.loginId !== loginId) return notFresh();
  if (sameJson(usedFor, use)) return accept();
  if (until === null || hasReached(at, until)) return notFresh();
  if (usedFor !== null) return reject('used', 'this showing of a factor was used for something else; show one again');
  if (!mechanisms.some((name) => success.factors.includes(name))) {
    return reject('other-factor', 'another kind of factor is asked for; show one of those');
  }
  return accept({ type: 'FreshFactorUsed', data: use });
}

/** The same words for what is of somebody else. */
function notFresh(): AuthenticationDecision {
  return reject('not-fresh', 'that shows no factor of this login within the last 5 minutes; show one again');
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
    case 'begin':
    case 'answer':
      return advance(command, state);
    case 'cancel':
      return cancel(state);
    case 'use-fresh-factor':
      return useFreshFactor(command, state);
    case 'refuse-pass':
      return refusePass(command, state);
    case 'refuse-key-proof':
      return refuseKeyProof(command, state);
  }
}

function pending(attempt: AuthenticationStarted['data']): PendingAuthentication {
  // At a provider the typed name proves nothing: it says who it is.
  const known = attempt.provider === localProvider || attempt.purpose !== 'login';
  return {
    status: 'pending',
    attempt,
    challenges: attempt.challenges,
    challenge: 0,
    factors: [],
    factorIds: [],
    passwordId: null,
    person: known ? attempt.userId : null,
    identityId: null,
    appended: false,
    round: null,
    rounds: 0,
  };
}

/** What happens to an attempt that runs. */
function evolvePending(state: PendingAuthentication, event: AuthenticationEvent): PendingAuthentication {
  switch (event.type) {
    case 'MechanismBegun': {
      const { mechanismId, roundId } = event.data;
      return { ...state, round: { mechanismId, roundId }, rounds: state.rounds + 1 };
    }
    case 'ChallengeAnswered': {
      const { accepted, mechanismId, factorId, passwordId } = event.data;
      if (!accepted) return state;
      const name = currentMechanism(state, mechanismId)?.name;
      const factors = name === undefined ? state.factors : [...state.factors, name];
      const factorIds = factorId === null ? state.factorIds : [...state.factorIds, factorId];
      return {
        ...state,
        challenge: state.challenge + 1,
        factors,
        factorIds,
        passwordId: passwordId ?? state.passwordId,
      };
    }
    case 'AuthenticationIdentified':
      return withIdentity(state, event.data.identityId, event.data.userId);
    case 'ChallengesAppended':
      return { ...state, appended: true, challenges: [...state.challenges, ...event.data.challenges] };
    default:
      return state;
  }
}

function evolve(state: AuthenticationState, event: AuthenticationEvent): AuthenticationState {
  const until = state.status === 'pending' ? state.attempt.expiresAt : null;
  switch (event.type) {
    case 'AuthenticationStarted':
      return pending(event.data);
    case 'AuthenticationSucceeded':
      return { status: 'succeeded', success: event.data, until, usedFor: null };
    case 'FreshFactorUsed':
      return state.status === 'succeeded' ? { ...state, usedFor: event.data } : state;
    case 'AuthenticationFailed':
      return {
        status: 'failed',
        reason: event.data.reason,
        userId: event.data.userId,
        passwordId: state.status === 'pending' ? state.passwordId : null,
        until,
      };
    case 'PassRefused':
      return { status: 'pass-refused', refusal: event.data };
    case 'KeyProofRefused':
      return { status: 'key-proof-refused', refusal: event.data };
    default:
      return state.status === 'pending' ? evolvePending(state, event) : state;
  }
}

/** One login attempt: providers report facts, this decides. Challenges are met in order, all of them, in 5 minutes. */
export const authenticationDecider: Decider<
  AuthenticationState,
  AuthenticationCommand,
  AuthenticationEvent,
  AuthenticationCode
> = { initial: { status: 'absent' }, decide, evolve };
