import type { Prompter, TargetQuestion } from '../../../application/ports/target-terminal.ts';
import { fitAnswers, longestAnswer } from '../login.ts';
import { type Keyboard, press, restingKeyboard } from './keys.ts';
import { typeLine } from './line.ts';

/**
 * Puts a target's questions to a person whose terminal is open already, one line each. What is typed is echoed when the
 * target allows it, goes to the target and is kept nowhere.
 */
export class LineQuestions implements Prompter {
  readonly #show: (text: string) => void;
  #keyboard: Keyboard = restingKeyboard;
  #line = '';
  #answers: string[] = [];
  /** What is to be shown, one piece for all that came of one piece. */
  #said = '';
  #open:
    | { readonly question: TargetQuestion; readonly resolve: (answers: readonly string[] | null) => void }
    | undefined;

  constructor(show: (text: string) => void) {
    this.#show = show;
  }

  get asking(): boolean {
    return this.#open !== undefined;
  }

  async ask(question: TargetQuestion): Promise<readonly string[] | null> {
    return await new Promise((resolve) => {
      this.#close(null);
      this.#open = { question, resolve };
      if (question.instruction !== '') this.#said += `${question.name} says: ${question.instruction}\r\n`;
      this.#prompt();
      this.#say();
    });
  }

  /** Bytes of the person up to the end of the answer; gives how many those were. */
  type(bytes: Uint8Array): number {
    const used = this.#take(bytes);
    this.#say();
    return used;
  }

  /** There is no answer and will be none. */
  cancel(): void {
    this.#close(null);
  }

  #take(bytes: Uint8Array): number {
    for (const [index, byte] of bytes.entries()) {
      const { keyboard, key } = press(this.#keyboard, byte);
      this.#keyboard = keyboard;
      const prompt = this.#open?.question.prompts[this.#answers.length];
      if (key === null || prompt === undefined) continue;
      const { line, show, done } = typeLine(this.#line, key, { echo: prompt.echo, longest: longestAnswer });
      this.#line = line;
      this.#said += show;
      if (done === 'entered') this.#entered();
      else if (done !== null) this.#close(null);
      if (!this.asking) return index + 1;
    }
    return bytes.length;
  }

  /** Never an empty piece: it would wait like any other for a client that reads nothing. */
  #say(): void {
    const said = this.#said;
    this.#said = '';
    if (said !== '') this.#show(said);
  }

  #entered(): void {
    this.#answers.push(this.#line);
    this.#line = '';
    const { prompts = [] } = this.#open?.question ?? {};
    if (this.#answers.length < prompts.length) this.#prompt();
    else this.#close(fitAnswers(this.#answers, prompts.length));
  }

  #prompt(): void {
    const { name, prompts } = this.#open?.question ?? { name: '', prompts: [] };
    this.#said += `${name} asks: ${prompts[this.#answers.length]?.text.trim() ?? ''} `;
  }

  #close(answers: readonly string[] | null): void {
    const open = this.#open;
    this.#open = undefined;
    this.#answers = [];
    this.#line = '';
    this.#keyboard = restingKeyboard;
    open?.resolve(answers);
  }
}
