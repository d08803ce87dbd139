import type { Clock, ProcessLog } from '../../application/ports/system.ts';

type Level = 'info' | 'warn' | 'error';

/**
 * Writes one JSON object a line: `at`, `level`, `message`, then the fields, which cannot take the place of these.
 * Control characters are escaped, so that no text of a stranger forges a line or moves a terminal (security rule U2).
 * Never throws: what can't be said must not stop what is being done.
 */
export function jsonLog(clock: Clock, write: (line: string) => void = toStandardError): ProcessLog {
  const log =
    (level: Level) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}): void => {
      const head = { at: clock.wall(), level, message };
      write(`${escapeControls(toJson({ ...head, ...fields, ...head }, head))}\n`);
    };
  return { info: log('info'), warn: log('warn'), error: log('error') };
}

function toJson(line: object, head: object): string {
  try {
    return JSON.stringify(line, (_, value: unknown) => readable(value));
  } catch {
    return JSON.stringify({ ...head, fields: 'could not be written as JSON' });
  }
}

function readable(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (!(value instanceof Error)) return value;
  const code = 'code' in value && typeof value.code === 'string' ? { code: value.code } : {};
  return {
    error: value.name,
    ...code,
    message: value.message,
    ...(value.cause instanceof Error ? { cause: value.cause } : {}),
  };
}

function escapeControls(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function toStandardError(line: string): void {
  // A closed standard error (EPIPE) is reported to the callback; nobody is left to tell.
  process.stderr.write(line, () => {});
}
