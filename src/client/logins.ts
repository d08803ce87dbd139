import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** A kept login: the bearer of one person at one installation. */
export interface KeptLogin {
  readonly bearer: string;
  readonly user: string;
  readonly expiresAt: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `${XDG_STATE_HOME:-~/.local/state}/sallyport/logins.json`, mode 0600, one login per server. */
export function loginsFile(environment: Environment): string {
  const state = environment.XDG_STATE_HOME;
  const base = state === undefined || state === '' ? join(environment.HOME ?? homedir(), '.local', 'state') : state;
  return join(base, 'sallyport', 'logins.json');
}

export function readLogin(environment: Environment, server: URL): KeptLogin | null {
  return readAll(loginsFile(environment))[server.origin] ?? null;
}

/** Keeps a login, or with null forgets it. */
export function keepLogin(environment: Environment, server: URL, login: KeptLogin | null): void {
  const file = loginsFile(environment);
  const others = Object.entries(readAll(file)).filter(([origin]) => origin !== server.origin);
  const all = Object.fromEntries(login === null ? others : [...others, [server.origin, login]]);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${String(process.pid)}`;
  writeFileSync(temporary, `${JSON.stringify(all, null, 2)}\n`, { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, file);
}

function readAll(file: string): Readonly<Record<string, KeptLogin>> {
  try {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof kept === 'object' && kept !== null ? (kept as Record<string, KeptLogin>) : {};
  } catch {
    return {};
  }
}
