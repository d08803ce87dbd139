/** What goes to the client, in order: bytes, and promises that must be kept before what stands behind them may go. */
export class Outlet {
  readonly #send: (bytes: Buffer) => void;
  readonly #moved: () => void;
  readonly #queue: (Buffer | Promise<unknown>)[] = [];
  #blocked = false;
  #waiting = 0;
  #promises = 0;

  /** `moved` is called when a promise was kept and what stood behind it has gone. */
  constructor(send: (bytes: Buffer) => void, moved: () => void) {
    this.#send = send;
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
    const last = this.#queue.at(-1);
    const joined = Buffer.isBuffer(last) ? joinedViews(last, bytes) : null;
    if (joined === null) this.#queue.push(bytes);
    else this.#queue[this.#queue.length - 1] = joined;
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

/** One view over two that lie behind each other in the same memory, or null. */
export function joinedViews(first: Buffer, second: Buffer): Buffer | null {
  if (first.buffer !== second.buffer || first.byteOffset + first.length !== second.byteOffset) return null;
  return Buffer.from(first.buffer, first.byteOffset, first.length + second.length);
}
