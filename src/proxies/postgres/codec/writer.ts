import { SallyportError } from '../../../domain/kernel/errors.ts';

/** What a body is made of: text (UTF-8) gets its NUL, a number is an Int32, bytes stand as they are. */
export type Part = string | number | Uint8Array;

/** One whole message. Errors: SallyportError for a text with a NUL in it, which would begin a field of its own. */
export function message(type: string, ...parts: readonly Part[]): Buffer {
  return Buffer.concat([Buffer.from(type, 'latin1'), withLength(...parts)]);
}

/** A length that counts itself, and the parts: a message without a type, as a connection begins with. */
export function withLength(...parts: readonly Part[]): Buffer {
  const body = parts.map(encoded);
  return Buffer.concat([int32(4 + body.reduce((sum, part) => sum + part.length, 0)), ...body]);
}

export function int16(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}

function encoded(part: Part): Uint8Array {
  if (typeof part === 'number') return int32(part);
  if (typeof part !== 'string') return part;
  if (part.includes('\0'))
    throw new SallyportError(
      'invalid',
      'postgres-nul',
      'a text for a PostgreSQL peer holds a NUL character, which the protocol can not carry: take it out',
    );
  return Buffer.from(`${part}\0`, 'utf8');
}
