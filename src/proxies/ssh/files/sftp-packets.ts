import { ProtocolError } from '../../../domain/kernel/errors.ts';

/** Packet types of SFTP version 3 (draft-ietf-secsh-filexfer-02 section 3). */
export const packetType = {
  init: 1,
  version: 2,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  status: 101,
  handle: 102,
  data: 103,
  name: 104,
  attrs: 105,
  extended: 200,
  extendedReply: 201,
} as const;

/** Longest payload of a read or write, and what its head may add to it. */
const longestBulk = 256 * 1024 + 1024;
/** No request without contents needs more (section 3: a server takes 34,000 bytes). */
const longestRequest = 34_000;
const longestHandle = 256;
const lengthBytes = 4;

/** What a splitter found, in the order of the stream. Views of the stream, valid for good. */
export interface PacketSink {
  /** One whole packet with its length field. */
  packet(framed: Buffer): void;
  /** The head of a WRITE or DATA, with its length field, up to its contents of `length` bytes. */
  bulk(head: Buffer, length: number): void;
  /** A piece of those contents; `last` once for each head, with no bytes when there are none. */
  contents(piece: Buffer, last: boolean): void;
}

/**
 * Cuts one direction of an SFTP stream into packets without waiting for their contents, and without copying what came in
 * one piece. Errors: ProtocolError for a packet that is too long or whose lengths contradict each other.
 */
export class Splitter {
  readonly #bulkType: number;
  readonly #sink: PacketSink;
  #contentsLeft = 0;
  /** The beginning of a packet that came in pieces. */
  #partial: Buffer | undefined;
  #held = 0;
  #need = 0;

  constructor(from: 'client' | 'target', sink: PacketSink) {
    this.#bulkType = from === 'client' ? packetType.write : packetType.data;
    this.#sink = sink;
  }

  /** Whether the last byte so far was the last one of a packet. */
  get atBoundary(): boolean {
    return this.#contentsLeft === 0 && this.#partial === undefined;
  }

  /** Gives how many bytes it took: all of them, unless `wait` says before a packet that no more are to be taken. */
  push(chunk: Buffer, wait: () => boolean = () => false): number {
    let at = 0;
    while (at < chunk.length && !wait()) {
      if (this.#contentsLeft > 0) at += this.#passContents(chunk, at);
      else if (this.#partial !== undefined) at += this.#fill(this.#partial, chunk, at);
      else {
        const view = chunk.subarray(at);
        const need = this.#measure(view);
        if (view.length >= need) {
          at += need;
          this.#emit(view.subarray(0, need));
        } else {
          this.#partial = Buffer.allocUnsafe(roomFor(need));
          this.#held = 0;
          this.#need = need;
        }
      }
    }
    return at;
  }

  #passContents(chunk: Buffer, at: number): number {
    const piece = chunk.subarray(at, at + this.#contentsLeft);
    this.#contentsLeft -= piece.length;
    this.#sink.contents(piece, this.#contentsLeft === 0);
    return piece.length;
  }

  /** Room grows with what came: a length alone takes no memory. */
  #fill(partial: Buffer, chunk: Buffer, at: number): number {
    const take = Math.min(this.#need - this.#held, chunk.length - at);
    let room = partial;
    if (this.#held + take > room.length) {
      room = Buffer.allocUnsafe(Math.min(this.#need, Math.max(room.length * 2, this.#held + take)));
      partial.copy(room, 0, 0, this.#held);
      this.#partial = room;
    }
    chunk.copy(room, this.#held, at, at + take);
    this.#held += take;
    if (this.#held === this.#need) {
      const whole = room.subarray(0, this.#held);
      this.#need = this.#measure(whole);
      if (this.#need === this.#held) {
        this.#partial = undefined;
        this.#emit(whole);
      }
    }
    return take;
  }

  #emit(framed: Buffer): void {
    if (framed[lengthBytes] !== this.#bulkType) {
      this.#sink.packet(framed);
      return;
    }
    this.#contentsLeft = framed.readUInt32BE(framed.length - lengthBytes);
    this.#sink.bulk(framed, this.#contentsLeft);
    if (this.#contentsLeft === 0) this.#sink.contents(framed.subarray(framed.length), true);
  }

  /** How many bytes it takes to go on: of a whole packet, or of a head with contents. More than there are: wait for them. */
  #measure(view: Buffer): number {
    if (view.length <= lengthBytes) return lengthBytes + 1;
    const length = view.readUInt32BE(0);
    const isBulk = view[lengthBytes] === this.#bulkType;
    const longest = isBulk || this.#bulkType === packetType.data ? longestBulk : longestRequest;
    if (length === 0 || length > longest)
      throw new ProtocolError('packet-length', 0, 'an SFTP packet has a bad length');
    if (!isBulk) return lengthBytes + length;
    const idEnd = 9;
    let head = idEnd + lengthBytes;
    if (this.#bulkType === packetType.write && view.length >= head) {
      const handle = view.readUInt32BE(idEnd);
      if (handle > longestHandle) throw new ProtocolError('handle-length', idEnd, 'an SFTP handle is too long');
      head += handle + 8 + lengthBytes;
    }
    // A WRITE whose handle length has not come yet has a longer head than this.
    const isWhole = this.#bulkType === packetType.data || head > idEnd + lengthBytes;
    if (isWhole && view.length >= head && head + view.readUInt32BE(head - lengthBytes) !== lengthBytes + length) {
      throw new ProtocolError('contents-length', head, 'the contents of an SFTP packet are not as long as it says');
    }
    return head;
  }
}

function roomFor(need: number): number {
  return Math.min(need, 4096);
}
