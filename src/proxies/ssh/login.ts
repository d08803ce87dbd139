import type { AuthContext, AuthenticationType, Connection as ServerConnection } from 'ssh2';

/** The methods a person may use; both carry the token. */
const methods: AuthenticationType[] = ['password', 'keyboard-interactive'];

/** Ends in "password:", which scripts that answer prompts wait for. */
const prompt = 'Temporary token as password: ';

export interface LoginEvents {
  /** A method that carries no token was asked for. */
  unfit(method: string, userName: string): void;
  /** The client showed what should be a token. */
  shown(userName: string, secret: string): void;
}

/** Turns ssh2's authentication requests into tokens shown. One request is open at a time. */
export class Login {
  #open: AuthContext | undefined;

  constructor(connection: ServerConnection, events: LoginEvents) {
    connection.on('authentication', (context) => {
      this.#open = context;
      if (context.method === 'password') {
        // A request to change the password carries an object here: it is no token.
        const secret: unknown = context.password;
        if (typeof secret === 'string') events.shown(context.username, secret);
        else events.unfit('password-change', context.username);
        return;
      }
      if (context.method !== 'keyboard-interactive') {
        events.unfit(context.method, context.username);
        return;
      }
      context.prompt([{ prompt, echo: false }], (answers: unknown) => {
        // An Error: the client began another attempt instead of answering.
        if (this.#open !== context || !Array.isArray(answers)) return;
        const [secret, ...more] = answers as readonly string[];
        if (secret === undefined || more.length > 0) events.unfit('keyboard-interactive', context.username);
        else events.shown(context.username, secret);
      });
    });
  }

  accept(): void {
    this.#take()?.accept();
  }

  refuse(): void {
    this.#take()?.reject(methods);
  }

  #take(): AuthContext | undefined {
    const context = this.#open;
    this.#open = undefined;
    return context;
  }
}
