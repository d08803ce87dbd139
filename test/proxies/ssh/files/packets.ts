import { payload, type Part } from '../../../../src/proxies/ssh/codec/wire.ts';

/** One SFTP packet with its length field, written independently of the code that reads it. */
export function packet(type: number, ...parts: readonly Part[]): Buffer {
  const body = payload(type, ...parts);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  return Buffer.concat([length, body]);
}

export function uint64(value: number | bigint): Part {
  const raw = Buffer.alloc(8);
  raw.writeBigUInt64BE(BigInt(value));
  return { raw };
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Requests and answers of SFTP by their names in the draft. */
export const sftp = {
  init: () => packet(1, 3),
  open: (id: number, path: string, flags: number) => packet(3, id, latin1(path), flags, 0),
  close: (id: number, handle: string) => packet(4, id, latin1(handle)),
  read: (id: number, handle: string, offset: number, length: number) =>
    packet(5, id, latin1(handle), uint64(offset), length),
  write: (id: number, handle: string, offset: number, data: Uint8Array) =>
    packet(6, id, latin1(handle), uint64(offset), data),
  fsetstatSize: (id: number, handle: string, size: number | bigint) => packet(10, id, latin1(handle), 1, uint64(size)),
  onPath: (type: number, id: number, path: string) => packet(type, id, latin1(path)),
  setstatSize: (id: number, path: string, size: number | bigint) => packet(9, id, latin1(path), 1, uint64(size)),
  mkdir: (id: number, path: string) => packet(14, id, latin1(path), 4, 0o755),
  twoPaths: (type: number, id: number, path: string, newPath: string) =>
    packet(type, id, latin1(path), latin1(newPath)),
  extended: (id: number, name: string, ...parts: readonly Part[]) => packet(200, id, name, ...parts),
  version: (...extensions: readonly string[]) => packet(2, 3, ...extensions.flatMap((name) => [name, '1'])),
  status: (id: number, code: number) => packet(101, id, code, '', ''),
  handle: (id: number, handle: string) => packet(102, id, latin1(handle)),
  data: (id: number, data: Uint8Array) => packet(103, id, data),
  attributesSize: (id: number, size: number) => packet(105, id, 1, uint64(size)),
  name: (id: number, ...names: readonly string[]) =>
    packet(104, id, names.length, ...names.flatMap((name) => [latin1(name), latin1(name), 0])),
};
