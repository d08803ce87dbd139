import type { Prompter, TargetQuestion } from '../../application/ports/target-terminal.ts';

/** One question of a target at a time, from the target leg to the client leg and back. */
export class Questions implements Prompter {
  readonly #put: () => boolean;
  #open:
    | { readonly question: TargetQuestion; readonly resolve: (answers: readonly string[] | null) => void }
    | undefined;

  /** `put` brings the open question before the person; false when they can't be asked now. */
  constructor(put: () => boolean) {
    this.#put = put;
  }

  get open(): TargetQuestion | undefined {
    return this.#open?.question;
  }

  async ask(question: TargetQuestion): Promise<readonly string[] | null> {
    return await new Promise((resolve) => {
      this.#open?.resolve(null);
      this.#open = { question, resolve };
      if (!this.#put()) this.answer(null);
    });
  }

  /** Closes the open question; null: there is no answer and will be none. */
  answer(answers: readonly string[] | null): void {
    const open = this.#open;
    this.#open = undefined;
    open?.resolve(answers);
  }
}
