/** What the server says in a text frame (docs/protocols/terminal.md, "What the server says"). */
export type ServerMessage =
  | SessionMessage
  | { readonly type: 'opened' }
  | Question
  | { readonly type: 'notice'; readonly message: string }
  | { readonly type: 'exit'; readonly code: number | null; readonly signal: string | null }
  | { readonly type: 'end'; readonly reason: string; readonly message: string };

export interface SessionMessage {
  readonly type: 'session';
  readonly session: string;
  readonly target: string;
  readonly account: string;
  readonly recorded: boolean;
  /** Offset of the next byte. */
  readonly from: number;
  /** Bytes before it that were asked for and are kept no more. */
  readonly lost: number;
  /** Bytes before this offset were dealt with by a page, this one or another. */
  readonly shown: number;
}

export interface Question {
  readonly type: 'question';
  readonly id: number;
  readonly name: string;
  readonly instruction: string;
  readonly prompts: readonly { readonly text: string; readonly echo: boolean }[];
}

const types: readonly string[] = ['session', 'opened', 'question', 'notice', 'exit', 'end'];

/** Null: a type that this page does not know, which it passes over. The server is ours: its fields are as it says. */
export function readServerMessage(text: string): ServerMessage | null {
  const message = JSON.parse(text) as ServerMessage;
  return types.includes(message.type) ? message : null;
}
