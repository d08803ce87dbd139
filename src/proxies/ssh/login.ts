import type {
  AuthContext,
  AuthenticationType,
  Connection as ServerConnection,
  KeyboardAuthContext,
  PublicKeyAuthContext,
} from 'ssh2';
import type { TargetQuestion } from '../../application/ports/target-terminal.ts';
import { holdsToken } from '../kit/token-text.ts';
import { decodePublicKeyRequest, type PublicKeyRequest } from './codec/public-key-request.ts';
import { encode, number } from './codec/messages.ts';
import { payload } from './codec/wire.ts';
import type { BrowserQuestion, BrowserQuestions } from './browser-question.ts';
import type { PassCheck } from './pass-check.ts';

/** The methods a person may use: a registered key, or the token by the other two. */
const methods: AuthenticationType[] = ['publickey', 'password', 'keyboard-interactive'];

/** Ends in "password:", which scripts that answer prompts wait for. */
const prompt = 'Temporary token as password: ';
/** In the question itself: OpenSSH prints an instruction on standard error, where scripts see it each time. */
const withoutToken = 'No token: press Enter to log in in a browser. ';

/** Characters (UTF-16 units) of an answer to a target. */
export const longestAnswer = 1024;
/** Requests for the login service in one connection. */
const mostServices = 64;
const loginService = payload(number.serviceRequest, 'ssh-userauth');

export interface LoginEvents {
  /** A method that carries no pass was asked for. */
  unfit(method: string): void;
  /** The client showed what should be a token, or a signature; `interactive`: by keyboard-interactive. */
  shown(interactive: boolean): void;
  /** Somebody without a token logs in in a browser, which takes longer. */
  waiting(): void;
  /** The client asks whether it may sign with this key: nothing is proven by that. */
  offered(): void;
  /** After `askToContinue`: the client began keyboard-interactive. */
  begun(): void;
  /** After `ask`: what the person typed; null when that is no answer to the question. */
  answered(answers: readonly string[] | null): void;
}

/** Turns ssh2's authentication requests into tokens shown and questions answered. One request is open at a time. */
export class Login {
  readonly #check: PassCheck;
  readonly #events: LoginEvents;
  readonly #browser: BrowserQuestions | null;
  #open: AuthContext | undefined;
  #request: PublicKeyRequest | undefined;
  #passGood = false;
  #services = 0;

  constructor(connection: ServerConnection, check: PassCheck, browser: BrowserQuestions | null, events: LoginEvents) {
    this.#check = check;
    this.#browser = browser;
    this.#events = events;
    connection.on('authentication', (context) => {
      this.#open = context;
      if (context.method === 'keyboard-interactive' && this.#passGood) {
        events.begun();
        return;
      }
      if (context.method === 'password') {
        // A request to change the password carries an object here: it is no token.
        const secret: unknown = context.password;
        if (typeof secret === 'string') this.#token(context, secret);
        else events.unfit('password-change');
        return;
      }
      if (context.method === 'publickey') {
        this.#byKey(context);
        return;
      }
      if (context.method !== 'keyboard-interactive') {
        events.unfit(context.method);
        return;
      }
      const question = browser === null ? prompt : `${withoutToken}${prompt}`;
      this.#prompt(context, '', '', [{ prompt: question, echo: false }], (answers) => {
        const [secret, ...more] = answers;
        if (secret === undefined || more.length > 0) events.unfit('keyboard-interactive');
        else if (secret === '' && browser !== null) this.#inBrowser(context, browser.first(context.username));
        else this.#token(context, secret);
      });
    });
  }

  /**
   * To be told of every message below 80 before ssh2 is: of a key it drops the algorithm's name and mends signatures, and
   * it ends a connection that asks for the login service again, as paramiko does before each attempt (RFC 4253 section 10).
   */
  sees(message: Buffer, answer: (message: Buffer) => void): 'taken' | 'pass' {
    if (message[0] === number.userauthRequest) this.#request = decodePublicKeyRequest(message) ?? undefined;
    if (message[0] !== number.serviceRequest) return 'pass';
    this.#services += 1;
    if (this.#services === 1 || this.#services > mostServices || !message.equals(loginService)) return 'pass';
    answer(encode.serviceAccept('ssh-userauth'));
    return 'taken';
  }

  #token({ username, method }: AuthContext, secret: string): void {
    this.#check.shown(username, { mechanism: 'plain', secret });
    this.#events.shown(method === 'keyboard-interactive');
  }

  /** Asks until there is a token, which is shown like any other; a no is shown as a token that is none. */
  #inBrowser(context: KeyboardAuthContext, asked: Promise<BrowserQuestion | { readonly secret: string } | null>): void {
    const browser = this.#browser;
    void asked.then((next) => {
      // The client began another attempt meanwhile, or is gone.
      if (this.#open !== context || browser === null) return;
      if (next === null || 'secret' in next) {
        this.#token(context, next?.secret ?? '');
        return;
      }
      this.#events.waiting();
      const shown = [{ prompt: next.prompt, echo: true }];
      this.#prompt(context, '', next.instruction, shown, () => this.#inBrowser(context, browser.next()));
    });
  }

  #byKey(context: PublicKeyAuthContext): void {
    const { algorithm, key, signature, signedPart } = this.#request ?? {};
    this.#request = undefined;
    const { username, blob } = context;
    // One request is judged at a time; whoever sends more without waiting for the answer gets none that is of use.
    if (algorithm === undefined || key?.equals(context.key.data) !== true) {
      this.#events.unfit('publickey');
    } else if (signature === null && context.signature === undefined) {
      // The answer names the algorithm as the client did, which ssh2 has replaced (RFC 8332 section 3.2).
      context.key.algo = algorithm;
      this.#check.offered({ algorithm, key });
      this.#events.offered();
    } else if (signature && blob !== undefined && signedPart?.equals(afterSessionId(blob)) === true) {
      this.#check.shown(username, { mechanism: 'publickey', algorithm, key, signature, signed: blob });
      this.#events.shown(false);
    } else {
      this.#events.unfit('publickey');
    }
  }

  /** SSH_MSG_USERAUTH_PK_OK: the client may sign with the key it offered. It is no step towards being logged in. */
  invite(): void {
    const context = this.#take();
    if (context?.method === 'publickey' && context.signature === undefined) context.accept();
    else context?.reject(methods);
  }

  accept(): void {
    this.#services = mostServices;
    this.#take()?.accept();
  }

  refuse(): void {
    this.#take()?.reject(methods);
  }

  /** The token was good, and more has to be asked than this method can: keyboard-interactive goes on, nothing else. */
  askToContinue(): void {
    this.#passGood = true;
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
      this.#events.answered(fitAnswers(answers, prompts.length));
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

/** ssh2 puts the session identifier, a string, before the part of the request that is signed. */
function afterSessionId(blob: Buffer): Buffer {
  return blob.subarray(4 + blob.readUInt32BE(0));
}

/** What a target may get as answers to so many prompts; null when this is none of it. */
export function fitAnswers(answers: readonly string[], prompts: number): readonly string[] | null {
  const fit = answers.length === prompts && answers.every((answer) => answer.length <= longestAnswer);
  return fit && !answers.some(holdsToken) ? answers : null;
}
