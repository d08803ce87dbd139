import { isUtf8 } from 'node:buffer';
import { ProtocolError } from '../../../domain/kernel/errors.ts';
import { Reader } from './reader.ts';
import { withLength } from './writer.ts';

/** Longest packet before there is a login, with its length field. */
export const longestFirstPacket = 10_000;

export type StartupParameters = readonly (readonly [name: string, value: string])[];

/** What a connection begins with ("Message Formats": SSLRequest, GSSENCRequest, CancelRequest, StartupMessage). */
export type FirstPacket =
  | { readonly type: 'ssl-request' }
  | { readonly type: 'gssenc-request' }
  /** The secret is 4 bytes in protocol 3.0 and up to 256 in 3.2; a view. */
  | { readonly type: 'cancel-request'; readonly processId: number; readonly secret: Buffer }
  /** Without parameters when `major` is not 3: other versions write them in other ways. */
  | {
      readonly type: 'startup';
      readonly major: number;
      readonly minor: number;
      readonly parameters: StartupParameters;
    };

/** `rest` is what came behind the packet in the same bytes. */
export interface FirstPacketRead {
  readonly packet: FirstPacket;
  readonly rest: Buffer;
}

const code = { cancel: 80_877_102, ssl: 80_877_103, gssenc: 80_877_104 } as const;
/** Versions from 1234.0 on are codes of requests. */
const requestMajor = 1234;
const lengthBytes = 4;
const headBytes = 8;
const secretBytes = { least: 4, most: 256 };

/** The first packet in what has come so far; null while it is not whole. Errors: ProtocolError, as soon as it is known. */
export function readFirstPacket(bytes: Buffer): FirstPacketRead | null {
  if (bytes.length < lengthBytes) return null;
  const length = bytes.readInt32BE(0);
  if (length < headBytes || length > longestFirstPacket)
    throw new ProtocolError('length', 0, 'a first PostgreSQL packet has a bad length');
  if (bytes.length < length) return null;
  return { packet: decode(bytes.subarray(0, length)), rest: bytes.subarray(length) };
}

function decode(bytes: Buffer): FirstPacket {
  const read = new Reader(bytes, lengthBytes);
  const version = read.uint32();
  switch (version) {
    case code.ssl:
      read.end();
      return { type: 'ssl-request' };
    case code.gssenc:
      read.end();
      return { type: 'gssenc-request' };
    case code.cancel: {
      const processId = read.int32();
      if (read.left < secretBytes.least || read.left > secretBytes.most)
        throw new ProtocolError('length', read.at, 'the key of a PostgreSQL cancel request has a bad length');
      return { type: 'cancel-request', processId, secret: read.rest() };
    }
    default: {
      const major = version >>> 16;
      if (major === requestMajor)
        throw new ProtocolError('unknown-type', lengthBytes, 'a first PostgreSQL packet of a type that there is not');
      return { type: 'startup', major, minor: version & 0xff_ff, parameters: major === 3 ? parametersOf(read) : [] };
    }
  }
}

/** Pairs up to an empty name. A name that comes twice could mean one thing here and another at the target. */
function parametersOf(read: Reader): StartupParameters {
  const parameters = new Map<string, string>();
  while (true) {
    const at = read.at;
    const name = exactText(read);
    if (name === '') break;
    if (parameters.has(name))
      throw new ProtocolError('duplicate', at, 'a PostgreSQL startup packet names a parameter twice');
    parameters.set(name, exactText(read));
  }
  read.end();
  return [...parameters];
}

function exactText(read: Reader): string {
  const at = read.at;
  const bytes = read.text();
  if (!isUtf8(bytes)) throw new ProtocolError('encoding', at, 'a PostgreSQL startup packet is not in UTF-8');
  return bytes.toString('utf8');
}

/** What a client sends first. Errors: SallyportError for a NUL in a parameter. */
export const encodeFirstPacket = {
  sslRequest: () => withLength(code.ssl),
  cancelRequest: (processId: number, secret: Uint8Array) => withLength(code.cancel, processId, secret),
  /** Protocol 3.0. */
  startup: (parameters: StartupParameters) => withLength(3 << 16, ...parameters.flat(), Buffer.of(0)),
};
