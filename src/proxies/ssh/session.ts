import type { SessionEndReason } from '../../domain/session/events.ts';

/** How far a connection has got: numbers for the waiting room (proxies/kit/listener). */
const steps = { identified: 1, keysAgreed: 2, tried: 3 } as const;

/** Where one client connection stands. `left`: refused attempts from here on that end it. */
export type Phase =
  | { readonly at: 'greeting'; readonly left: number }
  | { readonly at: 'login'; readonly left: number }
  | { readonly at: 'verifying'; readonly left: number }
  | { readonly at: 'admitting' }
  | { readonly at: 'connecting' }
  | { readonly at: 'open' }
  | { readonly at: 'refused'; readonly message: string }
  | { readonly at: 'over' };

export type Input =
  | { readonly type: 'identified' }
  | { readonly type: 'keys-agreed' }
  /** A method that is not offered, or `none`, which every client may ask once to learn what is. */
  | { readonly type: 'unfit-method'; readonly method: string }
  | { readonly type: 'token-shown' }
  | { readonly type: 'token-judged'; readonly good: boolean }
  | { readonly type: 'admitted' }
  | { readonly type: 'not-admitted'; readonly message: string }
  | { readonly type: 'target-open' }
  | { readonly type: 'target-failed'; readonly message: string }
  /** The person has been told on a channel, or no channel came to tell it on. */
  | { readonly type: 'told' }
  /** From outside: revocation, kill, limits, a failed recording, shutdown. */
  | { readonly type: 'ended'; readonly message: string }
  | { readonly type: 'target-lost'; readonly message: string }
  | { readonly type: 'late' }
  /** The proxy itself stops. */
  | { readonly type: 'stopped' }
  | { readonly type: 'protocol-error' }
  | { readonly type: 'closed' };

export type Effect =
  | { readonly type: 'reached'; readonly step: number }
  | { readonly type: 'refuse-login'; readonly explain: boolean }
  | { readonly type: 'verify' }
  | { readonly type: 'accept-login' }
  | { readonly type: 'admit' }
  | { readonly type: 'open-target' }
  /** Refusals: tell the person on the first channel, and give up waiting for one after a while. */
  | { readonly type: 'tell-when-asked'; readonly message: string }
  /** Cuts every channel with the message, at once. */
  | { readonly type: 'cut'; readonly message: string }
  | {
      readonly type: 'disconnect';
      readonly why: 'bye' | 'too-many' | 'late' | 'protocol-error';
      readonly message: string;
    }
  | { readonly type: 'end-session'; readonly reason: SessionEndReason };

export interface Step {
  readonly phase: Phase;
  readonly effects: readonly Effect[];
}

/** A new connection that ends with its `mostTries`th refused attempt (security rule S4). */
export function begin(mostTries: number): Phase {
  return { at: 'greeting', left: mostTries };
}

const over: Phase = { at: 'over' };

/** The life of a client connection, without sockets: what it becomes by an input, and what is to be done then. */
export function step(phase: Phase, input: Input): Step {
  if (phase.at === 'over') return { phase, effects: [] };
  switch (input.type) {
    case 'closed':
      return { phase: over, effects: admitted(phase) ? [{ type: 'end-session', reason: 'closed-by-client' }] : [] };
    case 'protocol-error':
      return finish(phase, [{ type: 'disconnect', why: 'protocol-error', message: '' }], 'error');
    case 'late':
      return finish(phase, [{ type: 'disconnect', why: 'late', message: '' }], 'error');
    case 'ended':
      return { phase: over, effects: goodbye(input.message) };
    case 'stopped':
      return finish(phase, goodbye('this proxy is shutting down; connect again'), 'shutdown');
    case 'target-lost':
      return finish(phase, goodbye(input.message), 'closed-by-target');
    default:
      return forward(phase, input);
  }
}

type Forward = Exclude<
  Input,
  { readonly type: 'closed' | 'protocol-error' | 'late' | 'stopped' | 'ended' | 'target-lost' }
>;

function forward(phase: Phase, input: Forward): Step {
  switch (input.type) {
    case 'identified':
      return { phase, effects: [{ type: 'reached', step: steps.identified }] };
    case 'keys-agreed':
      if (phase.at !== 'greeting') return { phase, effects: [] };
      return { phase: { at: 'login', left: phase.left }, effects: [{ type: 'reached', step: steps.keysAgreed }] };
    case 'unfit-method':
      if (phase.at !== 'login') return broken(phase);
      return refused(phase.left - (input.method === 'none' ? 0 : 1), false);
    case 'token-shown':
      if (phase.at !== 'login') return broken(phase);
      return {
        phase: { at: 'verifying', left: phase.left },
        effects: [{ type: 'reached', step: steps.tried }, { type: 'verify' }],
      };
    case 'token-judged':
      if (phase.at !== 'verifying') return broken(phase);
      if (!input.good) return refused(phase.left - 1, true);
      return { phase: { at: 'admitting' }, effects: [{ type: 'accept-login' }, { type: 'admit' }] };
    case 'admitted':
      if (phase.at !== 'admitting') return broken(phase);
      return { phase: { at: 'connecting' }, effects: [{ type: 'open-target' }] };
    case 'not-admitted':
    case 'target-failed':
      return tell(input.message);
    case 'target-open':
      return phase.at === 'connecting' ? { phase: { at: 'open' }, effects: [] } : broken(phase);
    case 'told':
      if (phase.at !== 'refused') return { phase, effects: [] };
      return { phase: over, effects: [{ type: 'disconnect', why: 'bye', message: phase.message }] };
  }
}

function refused(left: number, explain: boolean): Step {
  if (left <= 0) return { phase: over, effects: [{ type: 'disconnect', why: 'too-many', message: '' }] };
  return { phase: { at: 'login', left }, effects: [{ type: 'refuse-login', explain }] };
}

function tell(message: string): Step {
  return { phase: { at: 'refused', message }, effects: [{ type: 'tell-when-asked', message }] };
}

function goodbye(message: string): readonly Effect[] {
  return [
    { type: 'cut', message },
    { type: 'disconnect', why: 'bye', message },
  ];
}

function finish(phase: Phase, effects: readonly Effect[], reason: SessionEndReason): Step {
  return { phase: over, effects: admitted(phase) ? [...effects, { type: 'end-session', reason }] : effects };
}

/** An input that its phase does not know: something is wrong with us or the peer, and the answer is no. */
function broken(phase: Phase): Step {
  return finish(phase, [{ type: 'disconnect', why: 'protocol-error', message: '' }], 'error');
}

function admitted(phase: Phase): boolean {
  return phase.at === 'connecting' || phase.at === 'open' || phase.at === 'admitting';
}
