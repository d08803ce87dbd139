import { Pieces } from './pieces.ts';

/** The way of the client's bytes into the target: what can't go on yet waits in about as much memory as it is long. */
export class Inlet {
  readonly #consumed: (bytes: number) => void;
  readonly #passing: (data: Buffer) => void;
  #target: NodeJS.WritableStream | undefined;
  readonly #waiting = new Pieces();
  #underWay = 0;
  #ended = false;

  /** `consumed` is told of bytes that the target has taken, `passing` sees them right before they go there. */
  constructor(consumed: (bytes: number) => void, passing: (data: Buffer) => void = () => undefined) {
    this.#consumed = consumed;
    this.#passing = passing;
  }

  /** From here on bytes pass, those that came before first. */
  open(target: NodeJS.WritableStream): void {
    this.#target = target;
    this.#pass();
  }

  write(data: Buffer): void {
    if (this.#target !== undefined && this.#underWay === 0) this.#send(this.#target, data);
    else this.#waiting.add(data);
  }

  /** Ends the target's input after the last byte. */
  end(): void {
    this.#ended = true;
    if (this.#underWay === 0) this.#pass();
  }

  /** Drops what waits. */
  stop(): void {
    this.#waiting.take();
  }

  #pass(): void {
    const target = this.#target;
    if (target === undefined) return;
    const pieces = this.#waiting.take();
    for (const piece of pieces) this.#send(target, piece);
    if (this.#ended && pieces.length === 0) target.end();
  }

  #send(target: NodeJS.WritableStream, data: Buffer): void {
    this.#underWay += 1;
    this.#passing(data);
    target.write(data, () => {
      this.#underWay -= 1;
      this.#consumed(data.length);
      if (this.#underWay === 0) this.#pass();
    });
  }
}
