import type { FileDirection, FileTransferred } from '../../../domain/session/events.ts';
import { joined, type Noted, transferred } from './facts.ts';
import { plainName, withoutDots } from './names.ts';
import { OrderedHash, type ReorderBudget, type Stretch } from './ordered-hash.ts';
import { openFlag } from './sftp-requests.ts';

const made = openFlag.create | openFlag.exclusive;
const appended = 'it was appended to what was there';

/** A handle of the target, from the wish to open a file to its closing: what was read and written through it. */
export class OpenFile {
  readonly path: string;
  /** The same in the form in which names of one file are equal, and in the one in which they may be (`names.ts`). */
  readonly name: string;
  readonly loosely: string;
  readonly reads: boolean;
  readonly writes: boolean;
  /** Requests for its contents that the target has not answered. */
  underWay = 0;
  closed = false;
  /** The entitlement's longest file was passed and noted. */
  tooLong = false;
  readonly #makes: boolean;
  readonly #appends: boolean;
  #moved = false;
  readonly #download: OrderedHash;
  readonly #upload: OrderedHash;
  /** Length of the file on the target, as far as it is known for sure. */
  #size: number | null;
  /** Length of the file as a stat gave it, and the places where reading met its end. */
  #seenSize: number | null = null;
  #endedAt: number | null = null;
  /** Where an answer shorter than asked for ended: of a file there was no more (section 6.4), once the end was met too. */
  #shortEnd: number | null = null;
  #asked = false;

  constructor(path: string, flags: number, budget: ReorderBudget) {
    this.path = path;
    // Mostly they are one string, and long ones are not kept three times.
    const loosely = withoutDots(path);
    this.loosely = loosely === path ? path : loosely;
    const name = plainName(path);
    this.name = name === path ? path : name === loosely ? loosely : name;
    ({ reads: this.reads, writes: this.writes } = purposes(flags));
    this.#makes = (flags & (openFlag.create | openFlag.truncate)) !== 0;
    // Only with `create` is a file that opens `exclusive` a new one: without, servers open one that is there as it is.
    const isNew = (flags & made) === made;
    this.#size = isNew || (flags & openFlag.truncate) !== 0 ? 0 : null;
    this.#download = new OrderedHash(budget);
    this.#upload = new OrderedHash(budget);
    this.#appends = (flags & openFlag.append) !== 0;
  }

  /** `wanted` bytes were asked for, `length` are coming. */
  read(offset: number, length: number, wanted: number): void {
    this.#asked = true;
    if (length < wanted) this.#shortEnd = Math.max(this.#shortEnd ?? 0, offset + length);
    if (this.#moved) this.#download.lose('it was written at the same time');
    this.#download.begin(offset, length);
  }

  contentsRead(bytes: Buffer): void {
    this.#download.add(bytes);
  }

  endOfFile(offset: number): void {
    if (offset === 0) this.#asked = true;
    // PuTTY asks beyond the end several times: the first place is the nearest to it.
    this.#endedAt = Math.min(this.#endedAt ?? offset, offset);
  }

  sized(size: number | null): void {
    this.#seenSize = size === Infinity ? null : size;
  }

  write(offset: number, length: number): void {
    if (this.#size !== null) this.#size = Math.max(this.#size, offset + length);
    if (this.#asked) this.#download.lose('it was written at the same time');
    // What is appended lands in the order in which it comes, whatever offset it names.
    if (this.#appends && !this.#moved) this.#upload.startAt(offset);
    else if (this.#appends && offset !== this.#upload.next) this.#upload.lose(appended);
    this.#moved = true;
    this.#upload.begin(offset, length);
  }

  contentsWritten(bytes: Buffer): void {
    this.#upload.add(bytes);
  }

  writeFailed(): void {
    this.#upload.lose('the target refused a part of it');
  }

  /** Its length is being set. What lies behind is gone, what is new is zeros. */
  resize(size: number): void {
    if (size < this.#upload.next) this.#upload.lose(`it was cut to ${size} bytes after more had been written`);
    this.#size = size;
  }

  resizeFailed(): void {
    this.#size = null;
  }

  /** A part of it was not passed on. */
  tooLongFor(direction: FileDirection): void {
    this.tooLong = true;
    if (direction === 'download') this.#asked = true;
    this.disturb('it is longer than this access allows');
  }

  /** What passed does not say what the file holds. */
  disturb(why: string): void {
    this.#upload.lose(why);
    this.#download.lose(why);
  }

  /** The transfers through this handle, which the target has closed, or could not close. */
  closeAnswered(channel: number, ok: boolean): Noted {
    const unanswered = this.underWay > 0 ? 'it was closed before everything was answered' : null;
    return this.transfers(channel, ok ? unanswered : 'the target could not close it');
  }

  /** The transfers through this handle. `broken` says why they are partial in any case. */
  transfers(channel: number, broken: string | null): Noted {
    const notes: Noted[] = [];
    const note = (direction: 'upload' | 'download', stretch: Stretch, size: number | null, unknown: string): void => {
      const why = broken ?? partialBecause(stretch, size, unknown);
      const outcome = why === null ? 'whole' : 'partial';
      const { from, bytes, sha256 } = stretch;
      const head: Pick<FileTransferred['data'], 'channel' | 'protocol'> = { channel, protocol: 'sftp' };
      notes.push(transferred({ ...head, direction, path: this.path, outcome, why, from, bytes, sha256 }));
    };
    if (this.#asked) {
      const stretch = this.#download.result();
      const end = stretch.from + stretch.bytes;
      const metEnd = this.#endedAt === end || (this.#shortEnd === end && this.#endedAt !== null && this.#endedAt > end);
      const size = metEnd ? end : this.#seenSize;
      note('download', stretch, size, 'it was not read to its end');
    }
    if (this.#moved || (this.writes && this.#makes)) {
      const stretch = this.#upload.result();
      note('upload', this.#appends ? { ...stretch, why: appended } : stretch, this.#size, 'it was not emptied first');
    }
    this.closed = true;
    return joined(notes);
  }
}

/** What `pflags` open a file for. Without any, a server opens it for reading. */
export function purposes(flags: number): { readonly reads: boolean; readonly writes: boolean } {
  const changes = openFlag.write | openFlag.append | openFlag.create | openFlag.truncate | openFlag.exclusive;
  return { reads: (flags & openFlag.read) !== 0 || (flags & openFlag.write) === 0, writes: (flags & changes) !== 0 };
}

function partialBecause(stretch: Stretch, size: number | null, unknown: string): string | null {
  if (stretch.why !== null) return stretch.why;
  if (stretch.from > 0) return `it began at byte ${stretch.from}`;
  if (size === null) return unknown;
  return size === stretch.bytes ? null : `the whole file has ${size} bytes`;
}
