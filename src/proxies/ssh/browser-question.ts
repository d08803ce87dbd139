import type { BeginBrowserLogin, BrowserLogin } from '../../application/ports/browser-login.ts';
import { clientNameOf } from '../kit/client-name.ts';
import { parseLoginName } from '../kit/login-name.ts';

/** How long somebody may take to log in in a browser, in milliseconds. */
export const browserMilliseconds = 5 * 60_000;
/** How often somebody may press Enter before it was confirmed. */
const mostRounds = 20;

export interface BrowserQuestion {
  readonly instruction: string;
  readonly prompt: string;
}

/** The login in a browser of one connection: what is asked next, until there is a token or a no. */
export class BrowserQuestions {
  readonly #begin: BeginBrowserLogin;
  readonly #source: string;
  readonly #client: string;
  #login: BrowserLogin | null = null;
  #rounds = 0;
  #over = false;

  constructor(begin: BeginBrowserLogin, source: string, client: string) {
    this.#begin = begin;
    this.#source = source;
    this.#client = client;
  }

  /** Null: there is nothing to open, as for a login name that can't be read. */
  async first(userName: string): Promise<BrowserQuestion | null> {
    const name = parseLoginName(userName);
    this.#rounds += 1;
    await this.#replace(null);
    if (!name.ok || this.#over || this.#rounds > mostRounds) return null;
    const wish = { userName: name.user, target: name.target, source: this.#source, client: this.#client };
    const login = await this.#begin(wish);
    await this.#replace(login);
    // The connection may have gone meanwhile.
    this.#endIfOver();
    return login === null ? null : question(login, 'Open this page in a browser and confirm the code');
  }

  /** Somebody pressed Enter: a token, the question again, or null for a no. */
  async next(): Promise<{ readonly secret: string } | BrowserQuestion | null> {
    const login = this.#login;
    this.#rounds += 1;
    if (login === null || this.#rounds > mostRounds) return null;
    const outcome = await login.poll().catch(() => null);
    if (outcome === 'waiting')
      return question(login, 'Not confirmed yet. Open this page in a browser and confirm the code');
    return outcome;
  }

  /** One login waits at a time, also when the client answers twice before it is asked again. */
  async #replace(login: BrowserLogin | null): Promise<void> {
    const before = this.#login;
    this.#login = login;
    await before?.end();
  }

  /** The connection is over. */
  end(): void {
    this.#over = true;
    this.#endIfOver();
  }

  #endIfOver(): void {
    if (this.#over) void this.#login?.end();
  }
}

export function browserQuestions(
  begin: BeginBrowserLogin | null,
  source: string,
  identification: string,
): BrowserQuestions | null {
  return begin === null ? null : new BrowserQuestions(begin, source, clientNameOf(identification));
}

function question({ page }: BrowserLogin, words: string): BrowserQuestion {
  return { instruction: `${words}:\n  ${page}\n`, prompt: 'When it is confirmed, press Enter here: ' };
}
