import { ProtocolError } from '../../../domain/kernel/errors.ts';
import type { FileOperationDone } from '../../../domain/session/events.ts';
import type { OpenFile } from './open-file.ts';

/** A request that the target has not answered. */
export type Wish =
  | { readonly type: 'open'; readonly file: OpenFile }
  | { readonly type: 'opendir' | 'stat' | 'lstat' | 'realpath' | 'readlink'; readonly path: string }
  | { readonly type: 'readdir'; readonly handle: string }
  | { readonly type: 'fstat'; readonly file: OpenFile }
  | { readonly type: 'write'; readonly file: OpenFile }
  | { readonly type: 'read'; readonly file: OpenFile; readonly offset: number; readonly length: number }
  | {
      readonly type: 'close';
      readonly file: OpenFile | null;
      readonly folder: { readonly path: string; readonly entries: number } | null;
    }
  | { readonly type: 'change'; readonly done: FileOperationDone['data']; readonly resized: readonly OpenFile[] }
  | { readonly type: 'plain' };

/** Requests under way, and bytes of the paths in them, above which no more are taken for now. */
const most = 1024;
const mostPathBytes = 256 * 1024;

/** The requests under way, by their ids. */
export class Outstanding {
  readonly #wishes = new Map<number, Wish>();
  #pathBytes = 0;
  #opens = 0;

  get full(): boolean {
    return this.#wishes.size >= most || this.#pathBytes >= mostPathBytes;
  }

  /** Files and folders that are being opened. */
  get opens(): number {
    return this.#opens;
  }

  /** Errors: ProtocolError for an id that is under way already: its answers could not be told apart. */
  add(id: number, wish: Wish): void {
    if (this.#wishes.has(id)) throw new ProtocolError('id-in-use', 5, 'an SFTP request has the id of another one');
    this.#wishes.set(id, wish);
    this.#count(wish, 1);
  }

  /** What an answer is for; `answered` follows when it is one. Errors: ProtocolError when nothing was asked under that id. */
  wish(id: number): Wish {
    const wish = this.#wishes.get(id);
    if (wish === undefined) throw unasked();
    return wish;
  }

  answered(id: number): void {
    const wish = this.wish(id);
    this.#wishes.delete(id);
    this.#count(wish, -1);
  }

  /** The files that are being opened, or closed. */
  files(type: 'open' | 'close'): OpenFile[] {
    const found: OpenFile[] = [];
    for (const wish of this.#wishes.values()) {
      if (wish.type === type && wish.file !== null) found.push(wish.file);
    }
    return found;
  }

  all(): Iterable<Wish> {
    return this.#wishes.values();
  }

  clear(): void {
    this.#wishes.clear();
  }

  #count(wish: Wish, by: 1 | -1): void {
    if (wish.type === 'open' || wish.type === 'opendir') this.#opens += by;
    if (wish.type === 'read' || wish.type === 'write') wish.file.underWay += by;
    this.#pathBytes += by * pathBytes(wish);
  }
}

export function unasked(): ProtocolError {
  return new ProtocolError('unasked', 5, 'the target answered what was not asked');
}

function pathBytes(wish: Wish): number {
  if (wish.type === 'open') return wish.file.path.length;
  if (wish.type === 'change') return wish.done.path.length + (wish.done.newPath?.length ?? 0);
  return 'path' in wish ? wish.path.length : 0;
}
