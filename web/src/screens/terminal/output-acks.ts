/** Acknowledged at once from so many drawn bytes on; fewer wait a moment, so that messages stay few. */
const most = 128 * 1024;
const pauseMilliseconds = 50;

/** Counts the bytes of a session, and says how many are drawn (docs/protocols/terminal.md, "Offsets"). */
export class OutputAcks {
  readonly #say: (offset: number) => void;
  #came: number | null = null;
  #drawn = 0;
  #said = 0;
  #shown = 0;
  /** What is drawn of an earlier session counts nothing in this one. */
  #epoch = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (offset: number) => void) {
    this.#say = say;
  }

  /** Offset of the next byte that this page needs; null: it has none yet. */
  get offset(): number | null {
    return this.#came;
  }

  /** The server goes on at `from`; null: another session will begin. */
  begin(at: { readonly from: number; readonly shown: number } | null): void {
    this.#epoch += 1;
    this.#came = at?.from ?? null;
    this.#drawn = this.#came ?? 0;
    this.#said = this.#drawn;
    this.#shown = at?.shown ?? 0;
  }

  /** How many of the next bytes were acknowledged before, by another page or by this one. */
  get old(): number {
    return Math.max(0, this.#shown - (this.#came ?? 0));
  }

  /** So many bytes came. Call what is returned when they are on the screen. */
  came(bytes: number): () => void {
    const epoch = this.#epoch;
    this.#came = (this.#came ?? 0) + bytes;
    return () => {
      if (epoch !== this.#epoch) return;
      this.#drawn += bytes;
      if (this.#drawn - this.#said >= most) this.#tell();
      else this.#timer ??= setTimeout(this.#tell, pauseMilliseconds);
    };
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Says it now. */
  flush(): void {
    this.#tell();
  }

  readonly #tell = (): void => {
    this.stop();
    if (this.#drawn === this.#said) return;
    this.#said = this.#drawn;
    this.#say(this.#drawn);
  };
}
