/**
 * Messages written down as the format chapter does, apart from the code under test:
 * https://www.postgresql.org/docs/15/protocol-message-formats.html
 */
export type Field = Uint8Array;

export const int8 = (value: number): Field => Buffer.of(value);

export function int16(value: number): Field {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value & 0xffff);
  return bytes;
}

export function int32(value: number): Field {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
}

/** String: its bytes and a zero. */
export const text = (value: string): Field => Buffer.from(`${value}\0`, 'utf8');

/** ByteN. */
export const raw = (value: string | Uint8Array): Field =>
  typeof value === 'string' ? Buffer.from(value, 'latin1') : value;

/** Byte1 of type, Int32 length of contents including self, and the fields. */
export function typed(type: string, ...fields: readonly Field[]): Buffer {
  return Buffer.concat([Buffer.from(type, 'latin1'), untyped(...fields)]);
}

/** Int32 length including self, and the fields. */
export function untyped(...fields: readonly Field[]): Buffer {
  const body = Buffer.concat(fields);
  return Buffer.concat([int32(body.length + 4), body]);
}

/** Int16 count, and so many of them. */
export const list = (...fields: readonly Field[]): Field => Buffer.concat([int16(fields.length), ...fields]);

/** Int32 length, or -1 for NULL, and the value. */
export const value = (bytes: string | null): Field =>
  bytes === null ? int32(-1) : Buffer.concat([int32(Buffer.byteLength(bytes)), Buffer.from(bytes)]);
