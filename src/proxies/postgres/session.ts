import type { SessionEndReason } from '../../domain/session/events.ts';
import {
  endedByUs,
  faulty,
  noMemory,
  protocolViolation,
  stopped,
  targetUnreadable,
  tooLate,
  withoutTls,
} from './goodbye.ts';
import type { LastWords } from './goodbye.ts';

/** How far a connection has got: numbers for the waiting room (proxies/kit/listener). */
const steps = { tls: 1, startup: 2, proof: 3 } as const;

/** Where one client connection stands. */
export type Phase =
  /** In clear text: nothing but a wish for TLS, or for a cancellation, is heard. */
  | { readonly at: 'greeting' }
  | { readonly at: 'handshake' }
  /** Inside TLS, nobody has said a name yet. */
  | { readonly at: 'secured' }
  /** The SASL exchange (RFC 5802 section 5): the client's first message, then its proof. */
  | { readonly at: 'challenging' | 'proving' | 'verifying' }
  | { readonly at: 'admitting' | 'connecting' }
  | { readonly at: 'open' }
  | { readonly at: 'over' };

export type Input =
  | { readonly type: 'tls-asked' | 'gss-asked' | 'cancel-asked' | 'secured' }
  /** `refusal`: what the startup message asks for and does not get; null when all is well. */
  | { readonly type: 'startup'; readonly refusal: LastWords | null }
  | { readonly type: 'sasl-first' | 'sasl-final' }
  /** `refusal`: why the pass is not taken, the same for every reason. */
  | { readonly type: 'pass-judged'; readonly refusal: LastWords | null }
  | { readonly type: 'admitted' }
  | { readonly type: 'not-admitted' | 'target-failed'; readonly refusal: LastWords }
  | { readonly type: 'target-open' }
  /** From outside: revocation, kill, limits, a failed recording. */
  | { readonly type: 'ended'; readonly message: string }
  | { readonly type: 'target-gone'; readonly reason: 'closed-by-target' | 'target-lost'; readonly refusal: LastWords }
  /** One of both sides, or the entitlement, makes it impossible to go on; the session ends by an error. */
  | { readonly type: 'cannot-go-on'; readonly refusal: LastWords }
  | { readonly type: 'late' }
  | { readonly type: 'stopped' }
  | { readonly type: 'protocol-error' }
  /** An error of ours, or evidence that can't be kept. */
  | { readonly type: 'fault' }
  /** The client said goodbye, or its socket closed. */
  | { readonly type: 'closed' };

/** What it is to a session that its relay can't go on, by whose fault it is. */
export const brokenBy = {
  client: { type: 'protocol-error' },
  target: { type: 'cannot-go-on', refusal: targetUnreadable },
  memory: { type: 'cannot-go-on', refusal: noMemory },
  us: { type: 'fault' },
} as const;

export type Effect =
  | { readonly type: 'reached'; readonly step: number }
  | { readonly type: 'start-tls' | 'decline-gss' | 'cancel' }
  | { readonly type: 'ask-proof' | 'challenge' | 'verify' }
  /** The person is known: no limit on those who have not logged in holds any more. */
  | { readonly type: 'accept-login' }
  | { readonly type: 'admit' | 'open-target' | 'relay' }
  /** An ErrorResponse of severity FATAL, then the end of the connection; null: without a word. */
  | { readonly type: 'leave'; readonly words: LastWords | null }
  | { readonly type: 'end-session'; readonly reason: SessionEndReason };

export interface Step {
  readonly phase: Phase;
  readonly effects: readonly Effect[];
}

export const begin: Phase = { at: 'greeting' };
const over: Phase = { at: 'over' };

/** The life of a client connection, without sockets: what it becomes by an input, and what is to be done then. */
export function step(phase: Phase, input: Input): Step {
  if (phase.at === 'over') return { phase, effects: [] };
  switch (input.type) {
    case 'closed':
      return finish(phase, null, 'closed-by-client');
    case 'protocol-error':
      return finish(phase, protocolViolation, 'error');
    case 'cannot-go-on':
      return finish(phase, input.refusal, 'error');
    case 'fault':
      return finish(phase, faulty, 'error');
    case 'late':
      return finish(phase, tooLate, 'error');
    case 'stopped':
      return finish(phase, stopped, 'shutdown');
    case 'target-gone':
      return finish(phase, input.refusal, input.reason);
    case 'ended':
      // Whoever ended it has ended the session too.
      return { phase: over, effects: [{ type: 'leave', words: endedByUs(input.message) }] };
    default:
      return forward(phase, input);
  }
}

type Forward = Exclude<
  Input,
  {
    readonly type:
      | 'closed'
      | 'protocol-error'
      | 'fault'
      | 'cannot-go-on'
      | 'late'
      | 'stopped'
      | 'target-gone'
      | 'ended';
  }
>;

/** The way to the open session. What comes out of its turn ends the connection. */
function forward(phase: Phase, input: Forward): Step {
  switch (input.type) {
    case 'tls-asked':
      if (phase.at !== 'greeting') break;
      return { phase: { at: 'handshake' }, effects: [reached(steps.tls), { type: 'start-tls' }] };
    case 'gss-asked':
      if (phase.at !== 'greeting') break;
      return { phase, effects: [{ type: 'decline-gss' }] };
    case 'cancel-asked':
      if (phase.at !== 'greeting' && phase.at !== 'secured') break;
      return { phase: over, effects: [{ type: 'cancel' }, { type: 'leave', words: null }] };
    case 'secured':
      if (phase.at !== 'handshake') break;
      return { phase: { at: 'secured' }, effects: [reached(steps.startup)] };
    case 'startup':
      if (phase.at === 'greeting') return finish(phase, withoutTls, 'error');
      if (phase.at !== 'secured') break;
      if (input.refusal !== null) return finish(phase, input.refusal, 'error');
      return { phase: { at: 'challenging' }, effects: [{ type: 'ask-proof' }] };
    default:
      return login(phase, input);
  }
  return finish(phase, protocolViolation, 'error');
}

type Login = Exclude<Forward, { readonly type: 'tls-asked' | 'gss-asked' | 'cancel-asked' | 'secured' | 'startup' }>;

/** Answers of ours that come after the end were caught before; an admitted session is ended by whoever got it. */
function login(phase: Phase, input: Login): Step {
  switch (input.type) {
    case 'sasl-first':
      if (phase.at !== 'challenging') break;
      return { phase: { at: 'proving' }, effects: [reached(steps.proof), { type: 'challenge' }] };
    case 'sasl-final':
      if (phase.at !== 'proving') break;
      return { phase: { at: 'verifying' }, effects: [{ type: 'verify' }] };
    case 'pass-judged':
      if (phase.at !== 'verifying') break;
      if (input.refusal !== null) return finish(phase, input.refusal, 'error');
      return { phase: { at: 'admitting' }, effects: [{ type: 'accept-login' }, { type: 'admit' }] };
    case 'admitted':
      if (phase.at !== 'admitting') break;
      return { phase: { at: 'connecting' }, effects: [{ type: 'open-target' }] };
    case 'not-admitted':
      if (phase.at !== 'admitting') break;
      return { phase: over, effects: [{ type: 'leave', words: input.refusal }] };
    case 'target-failed':
      if (phase.at !== 'connecting') break;
      // The session has ended itself with its reason.
      return { phase: over, effects: [{ type: 'leave', words: input.refusal }] };
    case 'target-open':
      if (phase.at !== 'connecting') break;
      return { phase: { at: 'open' }, effects: [{ type: 'relay' }] };
  }
  return finish(phase, protocolViolation, 'error');
}

function reached(step: number): Effect {
  return { type: 'reached', step };
}

function finish(phase: Phase, words: LastWords | null, reason: SessionEndReason): Step {
  const admitted = phase.at === 'connecting' || phase.at === 'open';
  const end: readonly Effect[] = admitted ? [{ type: 'end-session', reason }] : [];
  return { phase: over, effects: [{ type: 'leave', words }, ...end] };
}
