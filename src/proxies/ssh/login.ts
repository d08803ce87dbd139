import type { AuthContext, AuthenticationType, Connection as ServerConnection, KeyboardAuthContext } from 'ssh2';
import type { TargetQuestion } from '../../application/ports/target-terminal.ts';

/** The methods a person may use; both carry the token. */
const methods: AuthenticationType[] = ['password', 'keyboard-interactive'];

/** Ends in "password:", which scripts that answer prompts wait for. */
const prompt = 'Temporary token as password: ';

/** How a temporary token begins (CONTRACT section 4): what a target gets is never one. */
const tokenLike = /spt_[0-9A-Za-z]{8}/;
const longestAnswer = 1024;

export interface LoginEvents {
  /** A method that carries no token was asked for. */
  unfit(method: string, userName: string): void;
  /** The client showed what should be a token; `interactive`: by keyboard-interactive. */
  shown(userName: string, secret: string, interactive: boolean): void;
  /** After `askToContinue`: the client began keyboard-interactive. */
  begun(): void;
  /** After `ask`: what the person typed; null when that is no answer to the question. */
  answered(answers: readonly string[] | null): void;
}

/** Turns ssh2's authentication requests into tokens shown and questions answered. One request is open at a time. */
export class Login {
  readonly #events: LoginEvents;
  #open: AuthContext | undefined;
  #tokenGood = false;

  constructor(connection: ServerConnection, events: LoginEvents) {
    this.#events = events;
    connection.on('authentication', (context) => {
      this.#open = context;
      if (context.method === 'keyboard-interactive' && this.#tokenGood) {
        events.begun();
        return;
      }
      if (context.method === 'password') {
        // A request to change the password carries an object here: it is no token.
        const secret: unknown = context.password;
        if (typeof secret === 'string') events.shown(context.username, secret, false);
        else events.unfit('password-change', context.username);
        return;
      }
      if (context.method !== 'keyboard-interactive') {
        events.unfit(context.method, context.username);
        return;
      }
      this.#prompt(context, '', '', [{ prompt, echo: false }], (answers) => {
        const [secret, ...more] = answers;
        if (secret === undefined || more.length > 0) events.unfit('keyboard-interactive', context.username);
        else events.shown(context.username, secret, true);
      });
    });
  }

  accept(): void {
    this.#take()?.accept();
  }

  refuse(): void {
    this.#take()?.reject(methods);
  }

  /** The token was good, and more has to be asked than this method can: keyboard-interactive goes on, nothing else. */
  askToContinue(): void {
    this.#tokenGood = true;
    this.#take()?.reject(['keyboard-interactive'], true);
  }

  /** Shows what a target asks in the keyboard-interactive that is open, each line marked as the target's. */
  ask({ name, instruction, prompts }: TargetQuestion): void {
    const context = this.#open;
    if (context?.method !== 'keyboard-interactive') {
      this.#events.answered(null);
      return;
    }
    const framed = prompts.map(({ text, echo }) => ({ prompt: `${name} asks: ${text.trim()} `, echo }));
    const about = instruction === '' ? '' : `${name} says: ${instruction}`;
    this.#prompt(context, `To log in to ${name}:`, about, framed, (answers) => {
      const fit = answers.length === prompts.length && answers.every((answer) => answer.length <= longestAnswer);
      this.#events.answered(fit && !answers.some((answer) => tokenLike.test(answer)) ? answers : null);
    });
  }

  #prompt(
    context: KeyboardAuthContext,
    title: string,
    instruction: string,
    prompts: { readonly prompt: string; readonly echo: boolean }[],
    answered: (answers: readonly string[]) => void,
  ): void {
    context.prompt(prompts, title, instruction, (answers: unknown) => {
      // An Error: the client began another attempt instead of answering.
      if (this.#open === context && Array.isArray(answers)) answered(answers as readonly string[]);
    });
  }

  #take(): AuthContext | undefined {
    const context = this.#open;
    this.#open = undefined;
    return context;
  }
}
