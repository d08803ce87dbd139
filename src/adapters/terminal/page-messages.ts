import type { TerminalSize } from '../../application/ports/target-terminal.ts';

/** What a page says in a text frame (docs/protocols/terminal.md). */
export type PageMessage =
  | { readonly type: 'open'; readonly size: TerminalSize; readonly from: number | null }
  | { readonly type: 'resize'; readonly size: TerminalSize }
  | { readonly type: 'ack'; readonly offset: number }
  | { readonly type: 'answer'; readonly id: number; readonly answers: readonly string[] | null }
  | { readonly type: 'close' };

const mostColumns = 1_000;
const mostRows = 500;
const longestAnswer = 1_024;
const mostAnswers = 16;

/** Null for anything that is none. */
export function readPageMessage(text: string): PageMessage | null {
  const said = parsed(text);
  switch (said?.type) {
    case 'open': {
      const size = sizeOf(said);
      const from = said.from === undefined ? null : said.from;
      return size !== null && (from === null || isOffset(from)) ? { type: 'open', size, from } : null;
    }
    case 'resize': {
      const size = sizeOf(said);
      return size === null ? null : { type: 'resize', size };
    }
    case 'ack':
      return isOffset(said.offset) ? { type: 'ack', offset: said.offset } : null;
    case 'answer':
      return isOffset(said.id) && isAnswers(said.answers)
        ? { type: 'answer', id: said.id, answers: said.answers }
        : null;
    case 'close':
      return { type: 'close' };
    default:
      return null;
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function sizeOf({ columns, rows }: Readonly<Record<string, unknown>>): TerminalSize | null {
  return isFrom1To(columns, mostColumns) && isFrom1To(rows, mostRows) ? { columns, rows } : null;
}

function isFrom1To(value: unknown, most: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= most;
}

function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isAnswers(value: unknown): value is readonly string[] | null {
  if (value === null) return true;
  return (
    Array.isArray(value) &&
    value.length <= mostAnswers &&
    value.every((answer) => typeof answer === 'string' && answer.length <= longestAnswer)
  );
}
