import { shellWord } from './shell-word.ts';

/** Where a door is, as people reach it: a host name or an address without brackets. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/** What to paste, and for which client. */
export interface ConnectLine {
  readonly client: string;
  readonly line: string;
}

/**
 * The lines for one login name at the door of its protocol. A database is the one that is named like the account, said by
 * name: tools show it. `ca`: absolute path; undefined: a CA that the system trusts.
 */
export function connectLines(
  { protocol, login, account }: { readonly protocol: string; readonly login: string; readonly account: string },
  door: Place,
  ca: string | undefined,
): readonly ConnectLine[] {
  if (protocol === 'ssh') {
    return [
      { client: 'ssh', line: sshLine('ssh', login, door) },
      { client: 'files', line: sshLine('sftp', login, door) },
    ];
  }
  if (protocol !== 'postgres') return [];
  const place = `${bracketed(door.host)}:${String(door.port)}`;
  const database = encodeURIComponent(account);
  const trust = ca === undefined ? javaSystemCas : (['sslrootcert', ca] as const);
  const jdbc = query([['user', login], ['sslmode', 'verify-full'], trust]);
  const uri = query([
    ['sslmode', 'verify-full'],
    ['sslrootcert', ca ?? systemCas],
  ]);
  return [
    { client: 'psql', line: psqlLine(login, door, ca, account) },
    { client: 'drivers', line: `postgresql://${inUri(login)}@${place}/${database}?${uri}` },
    { client: 'DBeaver, JDBC', line: `jdbc:postgresql://${place}/${database}?${jdbc}` },
  ];
}

export function sshLine(program: 'ssh' | 'sftp', login: string, { host, port }: Place): string {
  return `${program} ${program === 'ssh' ? '-p' : '-P'} ${String(port)} ${shellWord(`${login}@${host}`)}`;
}

/** libpq's name for them, from version 16 on. */
const systemCas = 'system';
const javaSystemCas = ['sslfactory', 'org.postgresql.ssl.DefaultJavaSSLFactory'] as const;

/** In double quotes where nothing in it means something to a shell: those do on Windows, too. */
export function psqlLine(login: string, { host, port }: Place, ca: string | undefined, database?: string): string {
  const words: (readonly [name: string, value: string])[] = [
    ['host', host],
    ['port', String(port)],
    ['user', login],
    ...(database === undefined ? [] : [['dbname', database] as const]),
    ['sslmode', 'verify-full'],
    ['sslrootcert', ca ?? systemCas],
  ];
  const text = words.map(([name, value]) => `${name}=${connectionValue(value)}`).join(' ');
  return `psql ${/^[\w@%+=:,./' ~-]+$/.test(text) ? `"${text}"` : shellWord(text)}`;
}

/** A value of a libpq connection string ("Keyword/Value Connection Strings"). */
function connectionValue(value: string): string {
  return /^[^\s'\\]+$/.test(value) ? value : `'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}

function query(parameters: readonly (readonly [name: string, value: string])[]): string {
  return parameters.map(([name, value]) => `${name}=${inUri(value)}`).join('&');
}

/** A slash needs no escape in a query, and reads better. */
function inUri(value: string): string {
  return encodeURIComponent(value).replaceAll("'", '%27').replaceAll('%2F', '/');
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
