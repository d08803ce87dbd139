import type { SessionEndReason } from '../../domain/session/events.ts';

/** How far a connection has got: numbers for the waiting room (proxies/kit/listener). */
const steps = { identified: 1, keysAgreed: 2, tried: 3 } as const;

/**
 * Where one client connection stands. `left`: refused attempts from here on that end it. `offers`: keys that may still be
 * offered; asking whether a key is worth a signature is no attempt, and a client asks for every key it has.
 */
export type Phase =
  | { readonly at: 'greeting' | 'login' | 'offered'; readonly left: number; readonly offers: number }
  | { readonly at: 'verifying'; readonly left: number; readonly offers: number; readonly interactive: boolean }
  /** The pass was good; SSH_MSG_USERAUTH_SUCCESS waits for the target, which may have questions of its own. */
  | { readonly at: 'admitting'; readonly interactive: boolean; readonly destination: 'named' | 'chosen' | 'none' }
  /** `loggedIn`: from a menu, which stays until the target is open; SSH_MSG_USERAUTH_SUCCESS has been sent. */
  | { readonly at: 'connecting'; readonly interactive: boolean; readonly loggedIn: boolean }
  /** Logged in without a target: a menu asks for one, as long as nothing comes that a menu can't serve. */
  | { readonly at: 'choosing' }
  /** The target asks something, and the client's method can't: it has to go on with keyboard-interactive. */
  | { readonly at: 'continuing' }
  /** The person is asked for a reason, without which there is no admission; keyboard-interactive is open for it. */
  | { readonly at: 'explaining' }
  /** The person has the target's question before them. */
  | { readonly at: 'asking' }
  | { readonly at: 'open' }
  | { readonly at: 'refused'; readonly message: string }
  | { readonly at: 'over' };

export type Input =
  | { readonly type: 'identified' }
  | { readonly type: 'keys-agreed' }
  /** A method that is not offered, or `none`, which every client may ask once to learn what is. */
  | { readonly type: 'unfit-method'; readonly method: string }
  /** A public key without a signature. */
  | { readonly type: 'key-offered' }
  | { readonly type: 'offer-judged'; readonly live: boolean }
  /** A token, or a signature by a key. `interactive`: by keyboard-interactive, so that more can be asked at once. */
  | { readonly type: 'pass-shown'; readonly interactive: boolean }
  /** `named`: the login name says where to. */
  | { readonly type: 'pass-judged'; readonly good: boolean; readonly named: boolean }
  /** In the menu. */
  | { readonly type: 'chosen' }
  /** There is no menu, and still no target. */
  | { readonly type: 'unnamed' }
  /** The person left the menu. */
  | { readonly type: 'left' }
  | { readonly type: 'admitted' }
  | { readonly type: 'not-admitted'; readonly message: string }
  /** A reason may open what was not admitted without one. */
  | { readonly type: 'reason-asked' }
  /** The target asks for more than the credential in custody. */
  | { readonly type: 'target-asks' }
  /** The client goes on with keyboard-interactive, as it was told. */
  | { readonly type: 'interactive-begun' }
  /** The person answered what they were asked. */
  | { readonly type: 'answered' }
  | { readonly type: 'target-open' }
  | { readonly type: 'target-failed'; readonly message: string }
  /** The person has been told on a channel, or no channel came to tell it on. */
  | { readonly type: 'told' }
  /** From outside: revocation, kill, limits, a failed recording, shutdown. */
  | { readonly type: 'ended'; readonly message: string }
  | {
      readonly type: 'target-gone';
      readonly reason: 'closed-by-target' | 'target-lost';
      readonly message: string;
    }
  | { readonly type: 'late' }
  /** Keep-alives were not answered. */
  | { readonly type: 'client-silent' }
  /** The proxy itself stops. */
  | { readonly type: 'stopped' }
  | { readonly type: 'protocol-error' }
  | { readonly type: 'closed' };

export type Effect =
  | { readonly type: 'reached'; readonly step: number }
  | { readonly type: 'refuse-login'; readonly explain: boolean }
  | { readonly type: 'verify' }
  | { readonly type: 'judge-offer' }
  /** The client may sign with the key it offered. */
  | { readonly type: 'invite' }
  /** The person is known: no limit on those who have not logged in holds any more. */
  | { readonly type: 'welcome' }
  | { readonly type: 'accept-login' }
  /** Partial success (RFC 4252 section 5.1): the client may go on with keyboard-interactive, and with nothing else. */
  | { readonly type: 'ask-to-continue' }
  /** One more SSH_MSG_USERAUTH_INFO_REQUEST with what is asked. */
  | { readonly type: 'ask' }
  /** A menu, should the client open a shell with a terminal. */
  | { readonly type: 'await-choice' }
  /** The menu again, with the reason why nothing was opened. */
  | { readonly type: 'offer-again'; readonly message: string }
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

/** A new connection that ends with its `mostTries`th refused attempt, or after `mostOffers` keys (security rule S4). */
export function begin(mostTries: number, mostOffers: number): Phase {
  return { at: 'greeting', left: mostTries, offers: mostOffers };
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
    case 'target-gone':
      return finish(phase, goodbye(input.message), input.reason);
    case 'client-silent':
      return finish(phase, goodbye('no answer from the client'), 'client-lost');
    default:
      return forward(phase, input);
  }
}

type Forward = Exclude<
  Input,
  { readonly type: 'closed' | 'protocol-error' | 'late' | 'client-silent' | 'stopped' | 'ended' | 'target-gone' }
>;

function forward(phase: Phase, input: Forward): Step {
  switch (input.type) {
    case 'identified':
      return { phase, effects: [{ type: 'reached', step: steps.identified }] };
    case 'keys-agreed':
      if (phase.at !== 'greeting') return { phase, effects: [] };
      return { phase: { ...phase, at: 'login' }, effects: [{ type: 'reached', step: steps.keysAgreed }] };
    case 'unfit-method':
      if (phase.at !== 'login') return broken(phase);
      return refused(phase, input.method === 'none' ? 0 : 1, false);
    case 'key-offered':
      if (phase.at !== 'login') return broken(phase);
      if (phase.offers === 0) return refused(phase, phase.left, false);
      return { phase: { ...phase, at: 'offered', offers: phase.offers - 1 }, effects: [{ type: 'judge-offer' }] };
    case 'offer-judged':
      if (phase.at !== 'offered') return broken(phase);
      if (!input.live) return refused(phase, 0, false);
      return { phase: { ...phase, at: 'login' }, effects: [{ type: 'invite' }] };
    case 'pass-shown':
      if (phase.at !== 'login') return broken(phase);
      return {
        phase: { ...phase, at: 'verifying', interactive: input.interactive },
        effects: [{ type: 'reached', step: steps.tried }, { type: 'verify' }],
      };
    case 'pass-judged':
      if (phase.at !== 'verifying') return broken(phase);
      if (!input.good) return refused(phase, 1, true);
      if (!input.named) {
        const effects = [{ type: 'welcome' }, { type: 'accept-login' }, { type: 'await-choice' }] as const;
        return { phase: { at: 'choosing' }, effects };
      }
      return {
        phase: { at: 'admitting', interactive: phase.interactive, destination: 'named' },
        effects: [{ type: 'welcome' }, { type: 'admit' }],
      };
    case 'chosen':
    case 'unnamed':
      // Without a target admission says no, and notes it.
      if (phase.at !== 'choosing') return broken(phase);
      return {
        phase: { at: 'admitting', interactive: false, destination: input.type === 'chosen' ? 'chosen' : 'none' },
        effects: [{ type: 'admit' }],
      };
    case 'left':
      return phase.at === 'choosing' ? tell('no target was chosen; connect again', true) : { phase, effects: [] };
    case 'admitted':
      if (phase.at !== 'admitting') return broken(phase);
      return {
        phase: { at: 'connecting', interactive: phase.interactive, loggedIn: phase.destination !== 'named' },
        effects: [{ type: 'open-target' }],
      };
    case 'reason-asked':
      if (questionIn(phase) !== 'reason-asked') return broken(phase);
      return { phase: { at: 'explaining' }, effects: [{ type: 'ask' }] };
    case 'not-admitted':
      // Nobody answered, and the client waits for its person: there will be no channel to tell it on.
      if (phase.at === 'explaining') return bye(input.message);
      if (phase.at !== 'admitting') return broken(phase);
      return phase.destination === 'chosen'
        ? choosingAgain(input.message)
        : tell(input.message, phase.destination === 'none');
    default:
      return towardsTarget(phase, input);
  }
}

type Towards = Extract<
  Forward,
  { readonly type: 'target-asks' | 'interactive-begun' | 'answered' | 'target-open' | 'target-failed' | 'told' }
>;

/** From the admission to the end of the login, which is the target leg's too. */
function towardsTarget(phase: Phase, input: Towards): Step {
  switch (input.type) {
    case 'target-asks':
      if (phase.at !== 'connecting') return broken(phase);
      return phase.interactive
        ? { phase: { at: 'asking' }, effects: [{ type: 'ask' }] }
        : { phase: { at: 'continuing' }, effects: [{ type: 'ask-to-continue' }] };
    case 'interactive-begun':
      return phase.at === 'continuing' ? { phase: { at: 'asking' }, effects: [{ type: 'ask' }] } : broken(phase);
    case 'answered':
      if (phase.at === 'explaining') {
        return { phase: { at: 'admitting', interactive: true, destination: 'named' }, effects: [] };
      }
      return phase.at === 'asking'
        ? { phase: { at: 'connecting', interactive: true, loggedIn: false }, effects: [] }
        : broken(phase);
    case 'target-open':
      if (phase.at !== 'connecting') return broken(phase);
      return { phase: { at: 'open' }, effects: phase.loggedIn ? [] : [{ type: 'accept-login' }] };
    case 'target-failed':
      // The session has ended; the connection has not, while there is a menu to choose another target in.
      if (phase.at === 'connecting') return phase.loggedIn ? choosingAgain(input.message) : tell(input.message, false);
      // The client waits for its person or for us: there will be no channel to tell it on.
      if (phase.at === 'asking' || phase.at === 'continuing') return bye(input.message);
      return broken(phase);
    case 'told':
      if (phase.at !== 'refused') return { phase, effects: [] };
      return bye(phase.message);
  }
}

/** Which question may be put to the person now, as the input that says so; null: none. */
export function questionIn(phase: Phase): 'reason-asked' | 'target-asks' | null {
  if (phase.at === 'connecting') return 'target-asks';
  return phase.at === 'admitting' && phase.destination === 'named' && phase.interactive ? 'reason-asked' : null;
}

function bye(message: string): Step {
  return { phase: over, effects: [{ type: 'disconnect', why: 'bye', message }] };
}

function refused(
  { left, offers }: { readonly left: number; readonly offers: number },
  tries: number,
  explain: boolean,
): Step {
  if (left <= tries) return { phase: over, effects: [{ type: 'disconnect', why: 'too-many', message: '' }] };
  return { phase: { at: 'login', left: left - tries, offers }, effects: [{ type: 'refuse-login', explain }] };
}

function tell(message: string, loggedIn: boolean): Step {
  const telling: Effect = { type: 'tell-when-asked', message };
  return {
    phase: { at: 'refused', message },
    effects: loggedIn ? [telling] : [{ type: 'accept-login' }, telling],
  };
}

function choosingAgain(message: string): Step {
  return { phase: { at: 'choosing' }, effects: [{ type: 'offer-again', message }] };
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
  return ['admitting', 'connecting', 'continuing', 'asking', 'open'].includes(phase.at);
}
