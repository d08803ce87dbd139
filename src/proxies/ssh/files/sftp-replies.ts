import { ProtocolError } from '../../../domain/kernel/errors.ts';
import { payload, Reader } from '../codec/wire.ts';
import { type Attributes, readAttributes } from './sftp-attributes.ts';
import { packetType } from './sftp-packets.ts';

/** Codes of SSH_FXP_STATUS (section 7) that this proxy says or looks at. */
export const statusCode = { ok: 0, eof: 1, permissionDenied: 3, failure: 4, unsupported: 8 } as const;

/** What a target answers, but for the contents of a DATA. `entries` counts the names of a folder. */
export type FileReply =
  | { readonly type: 'version'; readonly version: number; readonly extensions: readonly Extension[] }
  | { readonly type: 'status'; readonly id: number; readonly code: number }
  | { readonly type: 'handle'; readonly id: number; readonly handle: string }
  | { readonly type: 'name'; readonly id: number; readonly entries: number }
  | { readonly type: 'attributes'; readonly id: number; readonly attributes: Attributes }
  | { readonly type: 'extended'; readonly id: number };
type Extension = readonly [name: string, data: Buffer];

/** The head of a DATA; its contents follow. */
export interface DataHead {
  readonly id: number;
  readonly length: number;
}

const longestHandle = 256;

/** One packet of a target with its length field. Errors: ProtocolError when it is cut short or of no known type. */
export function decodeReply(framed: Buffer): FileReply {
  const read = new Reader(framed, 5);
  switch (framed[4]) {
    case packetType.version:
      return version(read, framed.length);
    case packetType.status:
      return { type: 'status', id: read.uint32(), code: read.uint32() };
    case packetType.handle: {
      const reply = { type: 'handle', id: read.uint32(), handle: read.latin1() } as const;
      if (reply.handle.length <= longestHandle) return reply;
      throw new ProtocolError('handle-length', 9, 'an SFTP handle is too long');
    }
    case packetType.name:
      return name(read);
    case packetType.attrs:
      return { type: 'attributes', id: read.uint32(), attributes: readAttributes(read) };
    case packetType.extendedReply:
      return { type: 'extended', id: read.uint32() };
    default:
      throw new ProtocolError('unknown-type', 4, 'an SFTP answer of a type that there is not');
  }
}

/** The head of a DATA as a splitter gives it. */
export function decodeDataHead(head: Buffer): DataHead {
  return { id: head.readUInt32BE(5), length: head.readUInt32BE(9) };
}

export function encodeStatus(id: number, code: number, message: string): Buffer {
  return framed(payload(packetType.status, id, code, message, 'en'));
}

export function encodeInit(version: number): Buffer {
  return framed(payload(packetType.init, version));
}

export function encodeVersion(version: number, extensions: readonly Extension[]): Buffer {
  const pairs = extensions.flatMap(([name, data]) => [Buffer.from(name, 'latin1'), data]);
  return framed(payload(packetType.version, version, ...pairs));
}

function framed(packet: Buffer): Buffer {
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32BE(packet.length);
  return Buffer.concat([length, packet]);
}

function version(read: Reader, end: number): FileReply {
  const number = read.uint32();
  const extensions: Extension[] = [];
  for (let at = 9; at < end; ) {
    const extension: Extension = [read.latin1(), read.string()];
    extensions.push(extension);
    at += 8 + extension[0].length + extension[1].length;
  }
  return { type: 'version', version: number, extensions };
}

function name(read: Reader): FileReply {
  const id = read.uint32();
  const entries = read.uint32();
  for (let left = entries; left > 0; left -= 1) {
    read.string();
    read.string();
    readAttributes(read);
  }
  return { type: 'name', id, entries };
}
