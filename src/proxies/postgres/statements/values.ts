import { isUtf8 } from 'node:buffer';

/** How a value of a parameter stands in the recording: text, null, or what its bytes are. */
export type ShownValue = string | number | boolean | null | { readonly base64: string } | { readonly hex: string };

/** Reads a value in binary format (PostgreSQL's send functions) by the object id of its type; undefined: not of that form. */
type Read = (bytes: Buffer) => ShownValue | undefined;

const bigint: Read = (bytes) => (bytes.length === 8 ? String(bytes.readBigInt64BE()) : undefined);
const text: Read = (bytes) => (isUtf8(bytes) ? bytes.toString('utf8') : undefined);
const uuid: Read = (bytes) =>
  bytes.length === 16
    ? bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    : undefined;

/** Types whose binary form says by itself what it is; pg_type.dat. */
const binary: ReadonlyMap<number, Read> = new Map<number, Read>([
  [16, (bytes) => (bytes.length === 1 ? bytes[0] !== 0 : undefined)],
  [20, bigint],
  [21, (bytes) => (bytes.length === 2 ? String(bytes.readInt16BE()) : undefined)],
  [23, (bytes) => (bytes.length === 4 ? String(bytes.readInt32BE()) : undefined)],
  [25, text],
  [26, (bytes) => (bytes.length === 4 ? String(bytes.readUInt32BE()) : undefined)],
  [700, (bytes) => (bytes.length === 4 ? String(bytes.readFloatBE()) : undefined)],
  [701, (bytes) => (bytes.length === 8 ? String(bytes.readDoubleBE()) : undefined)],
  [1042, text],
  [1043, text],
  [2950, uuid],
]);

/** Parameters as they go into the recording. One format counts for all; none: all text ("Message Formats", Bind). */
export function readValues(
  parameters: readonly (Buffer | null)[],
  formats: readonly number[],
  types: readonly number[],
): readonly ShownValue[] {
  return parameters.map((bytes, index) => {
    if (bytes === null) return null;
    const format = formats.length > 1 ? formats[index] : formats[0];
    if (format !== 1) return isUtf8(bytes) ? bytes.toString('utf8') : { base64: bytes.toString('base64') };
    return binary.get(types[index] ?? 0)?.(bytes) ?? { hex: bytes.toString('hex') };
  });
}
