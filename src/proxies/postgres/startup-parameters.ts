import type { DatabaseWish } from '../../application/ports/target-database.ts';
import { readOnlyStartup } from '../../domain/policy/judge-statement.ts';
import type { PostgresChannels } from '../../domain/policy/postgres-channels.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import { clientNameOf } from '../kit/client-name.ts';
import { encodeBackend } from './codec/backend-encode.ts';
import type { FirstPacket } from './codec/startup.ts';
import { type LastWords, startupRefused, unknownVersion } from './goodbye.ts';

/** The one major version of the protocol. */
const spoken = 3;

type StartupPacket = Extract<FirstPacket, { readonly type: 'startup' }>;

/** A StartupMessage (protocol 3.0) as a person meant it. */
export interface Startup {
  /** The login name: who, and where to. */
  readonly loginName: string;
  readonly wish: DatabaseWish;
  readonly applicationName: string | null;
}

export type ReadStartup =
  | { readonly ok: true; readonly startup: Startup }
  | { readonly ok: false; readonly refusal: LastWords };

/**
 * Run-time parameters that a connection may begin with (security rule P3): what the drivers set and what changes how values
 * are written, never who somebody is or what is logged. In lower case; PostgreSQL does not mind the case.
 */
const allowed = new Set([
  'application_name',
  'bytea_output',
  'client_encoding',
  'client_min_messages',
  'datestyle',
  'default_transaction_deferrable',
  'default_transaction_isolation',
  'default_transaction_read_only',
  'extra_float_digits',
  'fallback_application_name',
  'geqo',
  'idle_in_transaction_session_timeout',
  'idle_session_timeout',
  'intervalstyle',
  'jit',
  'lock_timeout',
  'search_path',
  'statement_timeout',
  'timezone',
  'work_mem',
]);

/**
 * Reads the parameters of a StartupMessage. `user` names person and target; `database` goes to the target as it is; `options`
 * may hold `-c name=value` and `--name=value` of allowed names; everything else is refused by name, never dropped silently.
 */
export function readStartup({ major, minor, parameters }: StartupPacket): ReadStartup {
  if (major !== spoken) return { ok: false, refusal: unknownVersion(`${String(major)}.${String(minor)}`) };
  let loginName: string | null = null;
  let database: string | null = null;
  const settings: (readonly [string, string])[] = [];
  for (const [name, value] of parameters) {
    // Options of the protocol itself: the client is told which are not known.
    if (name.startsWith('_pq_.')) continue;
    if (name === 'user') loginName = value;
    else if (name === 'database') database = value;
    else if (name === 'options') {
      const read = readOptions(value);
      if (read === null) return refuse('options', 'Only -c name=value and --name=value are understood.');
      settings.push(...read);
    } else if (name === 'replication') {
      if (!isOff(value)) return refuse('replication', 'Replication connections do not pass here.');
    } else settings.push([name, value]);
  }
  const unknown = settings.find(([name]) => !allowed.has(name.toLowerCase()));
  if (unknown !== undefined) {
    return refuse(unknown[0], 'Leave it out, or SET it after the login when the entitlement allows it.');
  }
  // libpq fills in the user's name for a missing database, which here names a target: the account's own then.
  const wish = { database: database === loginName || database === '' ? null : database, parameters: settings };
  const client = settings.find(([name]) => name.toLowerCase() === 'application_name')?.[1];
  return { ok: true, startup: { loginName: loginName ?? '', wish, applicationName: client ?? null } };
}

/** What the client says it is. */
export function clientName(startup: Startup | undefined): string {
  return clientNameOf(startup?.applicationName ?? 'PostgreSQL client');
}

function refuse(name: string, hint: string): ReadStartup {
  const message = `the startup parameter "${visibleText(name).slice(0, 64)}" does not pass this proxy`;
  return { ok: false, refusal: startupRefused(message, hint) };
}

function isOff(value: string): boolean {
  return ['0', 'false', 'off', 'no', 'f', 'n', ''].includes(value.toLowerCase());
}

/** Words are parted by white space; a backslash makes the next character part of the word (libpq, "options"). Null: not understood. */
function readOptions(text: string): (readonly [string, string])[] | null {
  const words = splitWords(text);
  const found: (readonly [string, string])[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    let setting: string | undefined;
    if (word === '-c') {
      at += 1;
      setting = words[at];
    } else if (word.startsWith('-c')) setting = word.slice(2);
    else if (word.startsWith('--')) setting = word.slice(2);
    const equals = setting?.indexOf('=') ?? -1;
    if (setting === undefined || equals < 1) return null;
    // In options a hyphen of a name stands for an underscore.
    found.push([setting.slice(0, equals).replaceAll('-', '_'), setting.slice(equals + 1)]);
  }
  return found;
}

function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (/[ \t\n\v\f\r]/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    if (character === '\\') at += 1;
    word = (word ?? '') + text.charAt(at);
  }
  if (word !== null) words.push(word);
  return words;
}

/** Newer minor versions and options of the protocol are told what is spoken here ("Message Formats", NegotiateProtocolVersion). */
export function whatIsSpoken({ major, minor, parameters }: StartupPacket): Buffer | null {
  const unknown = parameters.map(([name]) => name).filter((name) => name.startsWith('_pq_.'));
  if (major !== spoken || (minor === 0 && unknown.length === 0)) return null;
  return encodeBackend.negotiateProtocolVersion(0, unknown);
}

/** What the entitlement makes of a read-only session is said to the target too: a second wall behind our own. */
export function withWalls(wish: DatabaseWish, { readOnly }: PostgresChannels): DatabaseWish {
  if (!readOnly) return wish;
  const others = wish.parameters.filter(([name]) => name.toLowerCase() !== readOnlyStartup[0]);
  return { ...wish, parameters: [...others, readOnlyStartup] };
}
