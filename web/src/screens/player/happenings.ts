import type { RailLine } from './shapes.ts';

/** In which group a happening is shown, by sign and colour. */
export type Sort = 'command' | 'file' | 'denied' | 'resize' | 'gap' | 'life';

export const sorts: readonly (readonly [sort: Sort, label: string])[] = [
  ['command', 'Commands'],
  ['file', 'Files'],
  ['denied', 'Denials'],
  ['resize', 'Sizes'],
  ['gap', 'Gaps'],
  ['life', 'Start and end'],
];

export function sortOf({ kind, event }: RailLine): Sort {
  switch (kind) {
    case 'line':
    case 'statement':
      return 'command';
    case 'file':
      return event === 'refused' ? 'denied' : 'file';
    case 'denied':
      return 'denied';
    case 'resize':
      return 'resize';
    case 'gap':
      return 'gap';
    default:
      return 'life';
  }
}

/** What happened, in one line of text. */
export function textOf(line: RailLine): string {
  const { kind, text, why, what = '', path = '', newPath, bytes, reason } = line;
  switch (kind) {
    case 'line':
      return text ?? `A line that is not known: ${unknownTexts[why ?? ''] ?? why ?? 'no reason'}`;
    case 'statement':
      return text ?? 'A statement';
    case 'file':
      return `${fileWord(line)} ${path}${newPath === undefined ? '' : ` → ${newPath}`}${bytes === undefined ? '' : ` (${String(bytes)} bytes)`}${why === undefined ? '' : `: ${why}`}`;
    case 'denied':
      return `Refused: ${what}${line.name === undefined ? '' : ` ${line.name}`}`;
    case 'attached':
      return `Somebody came back to the terminal from ${line.source ?? 'nowhere known'} (${line.client ?? 'no client'})`;
    case 'resize':
      return `Screen of ${String(line.columns)} × ${String(line.rows)}`;
    case 'gap':
      return `Something is missing here (${reason ?? 'no reason'})`;
    case 'started':
      return `${what}${text === undefined ? '' : `: ${text}`} begins`;
    case 'ended':
      return typeof line.signal === 'string'
        ? `Ended by signal ${line.signal}`
        : `Ended, exit ${String(line.exitCode ?? '–')}`;
    case 'end-ordered':
      return 'The end was ordered';
    case 'session-ended':
      return `The session ended${reason === undefined ? '' : `: ${reason}`}`;
    default:
      return kind;
  }
}

/** Why a typed line is not known (docs/protocols/recording.md, Typed input). */
const unknownTexts: Readonly<Record<string, string>> = {
  history: 'taken from the history',
  completion: 'completed by Tab',
  cursor: 'the cursor was moved',
  editing: 'edited with other keys',
  'not-echoed': 'not shown while it was typed',
  'full-screen': 'keys for a program on the whole screen',
  'too-long': 'too long',
};

function fileWord({ event, what = 'file' }: RailLine): string {
  return event === 'refused' ? `Refused: ${what}` : what.charAt(0).toUpperCase() + what.slice(1);
}

/** A part of a session with output of its own. */
export interface Channel {
  readonly channel: number;
  readonly label: string;
  readonly pty: boolean;
}

/** Channels that a screen can be shown of, in the order of their start. */
export function channelsOf(lines: readonly RailLine[]): readonly Channel[] {
  return lines
    .filter(({ kind, what = '' }) => kind === 'started' && shown.has(what))
    .map(({ channel = 0, what = '', text, pty }) => ({
      channel,
      label: text === undefined ? what : `${what}: ${text}`,
      pty: pty !== null && pty !== undefined,
    }));
}

const shown = new Set(['shell', 'exec', 'subsystem']);
