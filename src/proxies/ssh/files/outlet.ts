import { pieceCost } from '../channel.ts';

/** What goes to the client, in order: bytes, and promises that must be kept before what stands behind them may go. */
export class Outlet {
  readonly #send: (bytes: Buffer) => void;
  readonly #count: (bytes: number) => void;
  readonly #moved: () => void;
  readonly #queue: (Buffer | Promise<unknown>)[] = [];
  #blocked = false;
  #waiting = 0;
  #promises = 0;

  /**
   * `count` is told what the pieces that wait here cost, negative when they go; `moved` is called when a promise was kept
   * and what stood behind it has gone.
   */
  constructor(send: (bytes: Buffer) => void, count: (bytes: number) => void, moved: () => void) {
    this.#send = send;
    this.#count = count;
    this.#moved = moved;
  }

  /** Bytes that wait here. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Promises that are not kept yet. */
  get promises(): number {
    return this.#promises;
  }

  /** Neighbours in memory become one piece again. They leave at the next `flush`. */
  add(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#waiting += bytes.length;
    const isNew = addView(this.#queue, bytes);
    this.#count(bytes.length + (isNew ? pieceCost : 0));
  }

  /** What comes next waits for this; for ever, when it fails: then the session is ending. */
  hold(promise: Promise<unknown>): void {
    this.#promises += 1;
    this.#queue.push(promise);
    promise.catch(() => {});
  }

  flush(): void {
    while (!this.#blocked) {
      const head = this.#queue.shift();
      if (head === undefined) return;
      if (Buffer.isBuffer(head)) {
        this.#waiting -= head.length;
        this.#count(-head.length - pieceCost);
        this.#send(head);
      } else this.#wait(head);
    }
  }

  #wait(promise: Promise<unknown>): void {
    this.#blocked = true;
    const kept = (): void => {
      this.#blocked = false;
      this.#promises -= 1;
      this.flush();
      this.#moved();
    };
    promise.then(kept, () => {});
  }
}

/** Adds to a queue; what lies right behind its last piece in memory becomes one with it. Whether it is a piece of its own. */
export function addView(queue: unknown[], bytes: Buffer): boolean {
  const last = queue.at(-1);
  const joined = Buffer.isBuffer(last) ? joinedViews(last, bytes) : null;
  if (joined === null) queue.push(bytes);
  else queue[queue.length - 1] = joined;
  return joined === null;
}

/** One view over two that lie behind each other in the same memory, or null. */
function joinedViews(first: Buffer, second: Buffer): Buffer | null {
  if (first.buffer !== second.buffer || first.byteOffset + first.length !== second.byteOffset) return null;
  return Buffer.from(first.buffer, first.byteOffset, first.length + second.length);
}
