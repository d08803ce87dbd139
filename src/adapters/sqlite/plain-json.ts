import { SallyportError } from '../../domain/kernel/errors.ts';

const maxDepth = 32;
const maxCharacters = 1_048_576;

// Our own secrets (CONTRACT.md, section 4), private keys in PEM or OpenSSH form, password hashes.
const secret =
  /\bsp[tl]_[0-9A-Za-z]{27}|-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----|\$argon2(?:id|i|d)\$v?=?\d|PuTTY-User-Key-File-\d/;

/**
 * The JSON text of a value that is to stand in an event.
 * Errors: `invalid`, `event-not-json` for anything that JSON would drop or change (undefined, bigint, Buffer, Date, NaN,
 * instances of classes), `event-too-large`; `integrity`, `secret-in-event` for what looks like a secret. The messages name the place,
 * never the value.
 */
export function plainJson(value: unknown, where: string): string {
  check(value, where, 0);
  const text = JSON.stringify(value);
  if (text.length > maxCharacters) {
    throw new SallyportError(
      'invalid',
      'event-too-large',
      `${where} has more than ${maxCharacters} characters of JSON`,
    );
  }
  if (secret.test(text)) {
    const message = `${where} holds something that looks like a secret: events are kept for ever and read by many, so it was refused`;
    throw new SallyportError('integrity', 'secret-in-event', message);
  }
  return text;
}

function check(value: unknown, where: string, depth: number): void {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value === 'number' && Number.isFinite(value)) return;
  if (typeof value === 'object' && depth < maxDepth) {
    if (Array.isArray(value)) {
      for (const item of value) check(item, where, depth + 1);
      return;
    }
    const prototype: unknown = Object.getPrototypeOf(value);
    if (prototype === Object.prototype || prototype === null) {
      for (const key of Object.keys(value))
        check((value as Record<string, unknown>)[key], `${where}.${key}`, depth + 1);
      return;
    }
  }
  throw new SallyportError('invalid', 'event-not-json', `${where} is no plain JSON value (${typeof value})`);
}
