import type { ScreenMessage } from '../../application/ports/terminal-face.ts';

/** What a page is told, as a text frame (docs/protocols/terminal.md). */
export function writeServerMessage(message: ScreenMessage): string {
  switch (message.type) {
    case 'session': {
      const { sessionId: session, target, account, recorded } = message.session;
      const { type, from, lost, shown } = message;
      return JSON.stringify({ type, session, target, account, recorded, from, lost, shown });
    }
    case 'question': {
      const { name, instruction, prompts } = message.question;
      return JSON.stringify({ type: 'question', id: message.id, name, instruction, prompts });
    }
    case 'exit':
      return JSON.stringify({ type: 'exit', code: message.exit.code, signal: message.exit.signal });
    default:
      return JSON.stringify(message);
  }
}

/** Close codes of the protocol's own. */
export const closeCodes = {
  done: 1000,
  fault: 1011,
  noMessage: 4400,
  loginEnded: 4401,
  ticketRefused: 4403,
  late: 4408,
  takenOver: 4409,
} as const;

/** With which code a socket closes after `end`. */
export function closeCodeOf(reason: string): number {
  switch (reason) {
    case 'taken-over':
      return closeCodes.takenOver;
    case 'ticket-refused':
      return closeCodes.ticketRefused;
    case 'login-ended':
      return closeCodes.loginEnded;
    default:
      return closeCodes.done;
  }
}
