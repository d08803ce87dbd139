import type { EventFilter, EventRow } from './events-query.ts';

/** Who did it: a user's id, the system, or an unknown network address. */
export function actorText(actor: unknown): string {
  const { kind, userId, source } = (actor ?? {}) as { kind?: string; userId?: string; source?: string };
  if (kind === 'user') return userId ?? 'Somebody';
  return kind === 'unknown' ? `Unknown (${source ?? 'from nowhere'})` : 'The system';
}

/** Of which session an event speaks; null: of none. */
export function sessionOf({ stream, data }: Pick<EventRow, 'stream' | 'data'>): string | null {
  if (stream.startsWith('session-')) return stream;
  const { sessionId } = (data ?? {}) as { sessionId?: unknown };
  return typeof sessionId === 'string' ? sessionId : null;
}

/** The command line that exports what the filters show. */
export function exportLine(filter: EventFilter): string {
  const { types, categories, user, target, session, since, until } = filter;
  const flags: readonly (readonly [flag: string, value: string | null | undefined])[] = [
    ['--type', types?.join(',')],
    ['--category', categories?.join(',')],
    ['--user', user],
    ['--target', target],
    ['--session', session],
    ['--since', since],
    ['--until', until],
  ];
  const words = flags.flatMap(([flag, value]) => (value === null || value === undefined ? [] : [flag, quoted(value)]));
  return ['sallyport audit events', ...words, '--format json'].join(' ');
}

/** As a shell takes it. */
function quoted(word: string): string {
  return /^[\w.:@,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
