import { visibleText } from '../domain/kernel/visible-text.ts';
import type { Recorded } from './recorded.ts';

/** A record as one line for people: when, which channel, what. Undefined for what a screen shows (output, sizes). */
export function transcriptLine(record: Recorded): string | undefined {
  const what = described(record);
  return what === undefined ? undefined : `${clock(record.at)}  [${String(record.channel)}]  ${visibleText(what)}`;
}

function described({ kind, data = {} }: Recorded): string | undefined {
  if (kind === 'statement')
    return data.known === true ? `> ${text(data.line)}` : `> (line not known: ${text(data.why)})`;
  if (kind === 'gap') return `gap: ${text(data.reason)}, ${text(data.bytes)} bytes of the file`;
  if (kind === 'file') return `file ${text(data.event)}: ${text(data.operation ?? data.direction)} ${aboutFile(data)}`;
  if (kind !== 'channel') return undefined;
  if (data.event === 'ended') {
    return typeof data.signal === 'string' ? `ended by signal ${data.signal}` : `ended, exit ${text(data.exitCode)}`;
  }
  const what = data.command ?? data.name;
  const terminal = typeof data.pty === 'object' && data.pty !== null ? ' on a terminal' : '';
  return `${text(data.kind)}${terminal}${typeof what === 'string' ? `: ${what}` : ''}`;
}

/** The path, and what else the record says: the new name, what was set, how much was transferred and its hash. */
function aboutFile(data: NonNullable<Recorded['data']>): string {
  const more = [
    known(data.newPath, 'new name '),
    known(data.detail),
    typeof data.bytes === 'number' ? `${String(data.bytes)} bytes` : undefined,
    data.from === 0 ? undefined : known(data.from, 'from byte '),
    known(data.outcome),
    known(data.why),
    known(data.sha256, 'SHA-256 '),
    known(data.reason),
    known(data.code, 'status '),
  ];
  return [text(data.path), ...more.filter((part) => part !== undefined)].join(', ');
}

function known(value: unknown, before = ''): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? before + String(value) : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '-';
}

/** Milliseconds as `1:02:03.456`. */
export function clock(milliseconds: number): string {
  const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
  const seconds = Math.floor(milliseconds / 1_000);
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  return `${String(hours)}:${pad(minutes)}:${pad(seconds % 60)}.${pad(milliseconds % 1_000, 3)}`;
}
