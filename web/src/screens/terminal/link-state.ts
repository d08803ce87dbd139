import type { Question, ServerMessage, SessionMessage } from './server-message.ts';

/** How the page and its session stand, for the person. */
export interface LinkState {
  /** `lost`: trying again by itself; `over`: only when the person asks for it. */
  readonly phase: 'connecting' | 'open' | 'lost' | 'over';
  readonly session: SessionMessage | null;
  /** Output that is not on the screen: from before a reload, or from while the connection was lost. */
  readonly missing: 'older' | 'between' | null;
  readonly question: Question | null;
  readonly notices: readonly string[];
  /** What the shell ended with. */
  readonly exit: string | null;
  readonly end: End | null;
}

export interface End {
  readonly reason: string;
  readonly message: string;
}

/** The session goes on without this page, and may be attached to again. */
export function goesOn({ reason }: End): boolean {
  return reason === 'taken-over' || reason === 'login-ended';
}

export const begun: LinkState = {
  phase: 'connecting',
  session: null,
  missing: null,
  question: null,
  notices: [],
  exit: null,
  end: null,
};

const mostNotices = 3;

/** `asked`: this offset was said with `open`, null when all that is kept was. */
export function afterMessage(state: LinkState, message: ServerMessage, asked: number | null): LinkState {
  switch (message.type) {
    case 'session': {
      const older = asked === null && message.from > 0 ? 'older' : state.missing;
      return { ...state, session: message, missing: message.lost > 0 ? 'between' : older };
    }
    case 'opened':
      return { ...state, phase: 'open', question: null };
    case 'question':
      return { ...state, question: message };
    case 'notice':
      return { ...state, notices: [...state.notices, message.message].slice(-mostNotices) };
    case 'exit':
      return { ...state, exit: exitText(message) };
    case 'end':
      // A ticket that came too late is no end: the next one is asked for when the socket closes.
      return message.reason === 'ticket-refused' ? state : overWith(state, message);
  }
}

export function overWith(state: LinkState, { reason, message }: End): LinkState {
  return { ...state, phase: 'over', question: null, end: { reason, message } };
}

function exitText({ code, signal }: { readonly code: number | null; readonly signal: string | null }): string {
  return signal === null ? `The shell ended with exit code ${String(code ?? 0)}.` : `The shell was ended by ${signal}.`;
}

/** What a closed socket means that brought no `end`: null when to try again. */
export function endOfSocket(code: number): End | null {
  switch (code) {
    case 1000:
      return { reason: 'closed', message: 'You ended this session.' };
    case 1001:
      return { reason: 'stopped', message: 'The server has stopped, and ended the session.' };
    case 1006:
    case 1011:
    case 4403:
    case 4408:
      return null;
    case 4429:
      return { reason: 'too-much', message: 'This page sent more than the server takes at once.' };
    default:
      return {
        reason: 'protocol',
        message: `This page and the server do not understand each other (${String(code)}).`,
      };
  }
}
