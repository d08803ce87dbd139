import { visibleText } from '../domain/kernel/visible-text.ts';
import { Api } from './api.ts';
import { authenticate } from './authenticate.ts';
import { Refused } from './errors.ts';
import { type Format, jsonLine, type Printable, table, yamlText } from './format.ts';
import { findInstallation, type Installation, sshDoorOf } from './installation.ts';
import { readLogin } from './logins.ts';

export interface GlobalOptions {
  readonly server: string | undefined;
  readonly ca: string | undefined;
  readonly data: string | undefined;
  readonly format: Format;
}

/** What a verb works with: options, environment, output, and the server when it needs one. */
export class Context {
  readonly options: GlobalOptions;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly toYaml: (value: unknown) => string;
  #api: Promise<Api> | null = null;
  #leave: (() => Promise<void>) | null = null;

  constructor(
    options: GlobalOptions,
    environment: Readonly<Record<string, string | undefined>>,
    toYaml: (value: unknown) => string,
  ) {
    this.options = options;
    this.environment = environment;
    this.toYaml = toYaml;
  }

  /** The folder of a local installation; it need not be there. */
  get dataFolder(): string {
    return this.options.data ?? this.environment.SALLYPORT_DATA ?? 'data';
  }

  installation(): Installation {
    return findInstallation({ ...this.options, environment: this.environment });
  }

  /** Where SSH clients of this installation connect. */
  sshDoor(): { readonly host: string; readonly port: number } {
    return sshDoorOf(this.dataFolder, this.installation().server);
  }

  /** The server, logged in: by `SALLYPORT_USER` and `SALLYPORT_PASSWORD` for this one call, else by the kept login. */
  api(): Promise<Api> {
    this.#api ??= this.#logIn();
    return this.#api;
  }

  async #logIn(): Promise<Api> {
    const installation = this.installation();
    const user = this.environment.SALLYPORT_USER;
    const password = this.environment.SALLYPORT_PASSWORD;
    if (user !== undefined && password !== undefined) {
      const login = await authenticate(installation, { user, provider: null, password });
      const api = new Api(installation, login.bearer);
      this.#leave = () => api.rest('POST', '/auth/logout');
      return api;
    }
    const kept = readLogin(this.environment, installation.server);
    if (kept === null || (user !== undefined && user.toLowerCase() !== kept.user.toLowerCase())) {
      const who = user === undefined ? '' : ` as ${user}`;
      throw new Refused(`not logged in at ${installation.server.origin}${who}`, [
        'log in with `sallyport login`, or set SALLYPORT_USER and SALLYPORT_PASSWORD',
      ]);
    }
    return new Api(installation, kept.bearer);
  }

  /** Closes a login that was made for this call only. */
  async leave(): Promise<void> {
    await this.#leave?.().catch(() => undefined);
  }

  /** Nothing but visible text, here and in `note`: much of it comes from a server (security rule X1). */
  line(text: string): void {
    process.stdout.write(`${visibleLines(text)}\n`);
  }

  note(text: string): void {
    process.stderr.write(`${visibleLines(text)}\n`);
  }

  /** Prints a list: an array in JSON and YAML, a table with these columns otherwise, of `lines` when people read it in another way. */
  list(rows: readonly Printable[], columns: readonly string[], empty: string, lines = rows): void {
    if (this.options.format === 'json') this.line(jsonLine(rows));
    else if (this.options.format === 'yaml') this.line(yamlText(rows, this.toYaml));
    else if (rows.length === 0) this.note(empty);
    else this.line(table(lines, columns));
  }

  /** Prints one thing: an object in JSON and YAML, `lines` otherwise. */
  one(value: Printable, lines: readonly string[]): void {
    if (this.options.format === 'json') this.line(jsonLine(value));
    else if (this.options.format === 'yaml') this.line(yamlText(value, this.toYaml));
    else for (const line of lines) this.line(line);
  }
}

function visibleLines(text: string): string {
  return text.split('\n').map(visibleText).join('\n');
}
