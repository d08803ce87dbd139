import { ProtocolError } from '../../../domain/kernel/errors.ts';
import { Reader } from '../codec/wire.ts';
import { type Attributes, readAttributes, readUint64 } from './sftp-attributes.ts';
import { packetType } from './sftp-packets.ts';

/** `pflags` of SSH_FXP_OPEN (section 6.3). */
export const openFlag = { read: 1, write: 2, append: 4, create: 8, truncate: 0x10, exclusive: 0x20 } as const;

/**
 * What a client asks for, but for the contents of a WRITE. Paths and handles are latin1 text: every byte a character.
 * An offset of null is one that no file has. `plain` requests change nothing and show no contents; `unknown` are
 * extensions that can't be understood.
 */
export type FileRequest =
  | { readonly type: 'init'; readonly version: number }
  | { readonly type: 'open'; readonly id: number; readonly path: string; readonly flags: number }
  | { readonly type: 'close' | 'readdir' | 'fstat'; readonly id: number; readonly handle: string }
  | {
      readonly type: 'read';
      readonly id: number;
      readonly handle: string;
      readonly offset: number | null;
      readonly length: number;
    }
  | { readonly type: 'fsetstat'; readonly id: number; readonly handle: string; readonly attributes: Attributes }
  | { readonly type: 'setstat' | 'mkdir'; readonly id: number; readonly path: string; readonly attributes: Attributes }
  | { readonly type: 'remove' | 'rmdir'; readonly id: number; readonly path: string }
  | { readonly type: Looking; readonly id: number; readonly path: string }
  | {
      readonly type: 'rename' | 'symlink' | 'hardlink';
      readonly id: number;
      readonly path: string;
      readonly newPath: string;
    }
  | { readonly type: 'plain' | 'unknown'; readonly id: number; readonly name: string };

type Looking = 'stat' | 'lstat' | 'opendir' | 'realpath' | 'readlink';

/** The head of a WRITE; its contents follow. */
export interface WriteHead {
  readonly id: number;
  readonly handle: string;
  readonly offset: number | null;
  readonly length: number;
}

/** Extensions that change nothing and show no contents. `fsync` says when bytes are on the disk. */
const plainExtensions = new Set([
  'fsync@openssh.com',
  'statvfs@openssh.com',
  'fstatvfs@openssh.com',
  'limits@openssh.com',
  'expand-path@openssh.com',
  'home-directory',
  'users-groups-by-id@openssh.com',
]);
const changingExtensions = new Set(['posix-rename@openssh.com', 'hardlink@openssh.com', 'lsetstat@openssh.com']);

/** Whether a client may learn that the target has this extension. */
export function isUnderstood(extension: string): boolean {
  return plainExtensions.has(extension) || changingExtensions.has(extension);
}

const byType: Readonly<Record<number, (read: Reader) => FileRequest>> = {
  [packetType.init]: (read) => ({ type: 'init', version: read.uint32() }),
  [packetType.open]: (read) => ({ type: 'open', id: read.uint32(), path: read.latin1(), flags: read.uint32() }),
  [packetType.close]: (read) => ({ type: 'close', id: read.uint32(), handle: read.latin1() }),
  [packetType.read]: (read) => ({
    type: 'read',
    id: read.uint32(),
    handle: read.latin1(),
    offset: readUint64(read),
    length: read.uint32(),
  }),
  [packetType.lstat]: onPath('lstat'),
  [packetType.fstat]: (read) => ({ type: 'fstat', id: read.uint32(), handle: read.latin1() }),
  [packetType.setstat]: (read) => setstat(read.uint32(), read),
  [packetType.fsetstat]: (read) => ({
    type: 'fsetstat',
    id: read.uint32(),
    handle: read.latin1(),
    attributes: readAttributes(read),
  }),
  [packetType.opendir]: onPath('opendir'),
  [packetType.readdir]: (read) => ({ type: 'readdir', id: read.uint32(), handle: read.latin1() }),
  [packetType.remove]: (read) => ({ type: 'remove', id: read.uint32(), path: read.latin1() }),
  [packetType.mkdir]: (read) => ({
    type: 'mkdir',
    id: read.uint32(),
    path: read.latin1(),
    attributes: readAttributes(read),
  }),
  [packetType.rmdir]: (read) => ({ type: 'rmdir', id: read.uint32(), path: read.latin1() }),
  [packetType.realpath]: onPath('realpath'),
  [packetType.stat]: onPath('stat'),
  [packetType.rename]: (read) => twoPaths('rename', read.uint32(), read),
  [packetType.readlink]: onPath('readlink'),
  [packetType.symlink]: (read) => twoPaths('symlink', read.uint32(), read),
  [packetType.extended]: extended,
};

/** One packet of a client with its length field. Errors: ProtocolError when it is cut short or of no known type. */
export function decodeRequest(framed: Buffer): FileRequest {
  const decode = byType[framed[4] ?? 0];
  if (decode === undefined) throw new ProtocolError('unknown-type', 4, 'an SFTP request of a type that there is not');
  return decode(new Reader(framed, 5));
}

/** The head of a WRITE as a splitter gives it. */
export function decodeWriteHead(head: Buffer): WriteHead {
  const read = new Reader(head, 5);
  return { id: read.uint32(), handle: read.latin1(), offset: readUint64(read), length: read.uint32() };
}

function onPath(type: Looking): (read: Reader) => FileRequest {
  return (read) => ({ type, id: read.uint32(), path: read.latin1() });
}

function twoPaths(type: 'rename' | 'symlink' | 'hardlink', id: number, read: Reader): FileRequest {
  return { type, id, path: read.latin1(), newPath: read.latin1() };
}

function setstat(id: number, read: Reader): FileRequest {
  return { type: 'setstat', id, path: read.latin1(), attributes: readAttributes(read) };
}

function extended(read: Reader): FileRequest {
  const id = read.uint32();
  const name = read.latin1();
  if (name === 'posix-rename@openssh.com') return twoPaths('rename', id, read);
  if (name === 'hardlink@openssh.com') return twoPaths('hardlink', id, read);
  if (name === 'lsetstat@openssh.com') return setstat(id, read);
  return { type: plainExtensions.has(name) ? 'plain' : 'unknown', id, name };
}
