import { inDoubleQuotes, shellWord } from './shell-word.ts';
import { aliasOf, bracketed, type ConnectWay, type Destination, line, type Place } from './way.ts';

/** What TLS is proven by: the path of a CA, or undefined for those that the system trusts. */
type Ca = string | undefined;

/** libpq's name for the CAs of the system, from version 16 on. */
const systemCas = 'system';
const javaSystemCas = ['sslfactory', 'org.postgresql.ssl.DefaultJavaSSLFactory'] as const;

/** psql, libpq, JDBC and DBeaver. The database is the one that is named like the account, said by name: tools show it. */
export function postgresWays(to: Destination, door: Place, ca: Ca): readonly ConnectWay[] {
  const libpq = ca === undefined ? 'Needs libpq 16: it trusts the CAs of the system.' : null;
  const asked = 'The password is the temporary token.';
  return [
    line('psql', 'psql', psqlLine(to.login, door, ca, to.account), libpq ?? asked),
    { ...uri('uri', 'libpq, psycopg, pgx and other drivers', libpqUri(to, door, ca)), hint: libpq ?? asked },
    service(to, door, ca),
    { ...uri('jdbc', 'JDBC; in DBeaver: Connect by URL', jdbcUri(to, door, ca)), hint: asked },
    ...dbeaver(to, door, ca),
  ];
}

/** In double quotes where nothing in it means something to a shell: those do on Windows, too. */
export function psqlLine(login: string, door: Place, ca: Ca, database?: string): string {
  const words = settings(login, door, ca, database).map(([name, value]) => `${name}=${connectionValue(value)}`);
  const text = words.join(' ');
  return `psql ${inDoubleQuotes(text) ?? shellWord(text)}`;
}

type Settings = readonly (readonly [name: string, value: string])[];

function settings(login: string, { host, port }: Place, ca: Ca, database?: string): Settings {
  return [
    ['host', host],
    ['port', String(port)],
    ['user', login],
    ...(database === undefined ? [] : [['dbname', database] as const]),
    ['sslmode', 'verify-full'],
    ['sslrootcert', ca ?? systemCas],
  ];
}

/** A value of a libpq connection string ("Keyword/Value Connection Strings"). */
function connectionValue(value: string): string {
  return /^[^\s'\\]+$/.test(value) ? value : `'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
}

/** "The Connection Service File" of libpq: a value goes to the end of its line, and nothing in it needs an escape. */
function service(to: Destination, door: Place, ca: Ca): ConnectWay {
  const alias = aliasOf(to);
  const lines = settings(to.login, door, ca, to.account).map(([name, value]) => `${name}=${value}\n`);
  return {
    client: 'pg-service',
    title: 'libpq: a connection service',
    kind: 'file',
    text: `[${alias}]\n${lines.join('')}`,
    fileName: '~/.pg_service.conf',
    hint: `Add it; from then on \`psql service=${alias}\` is enough. On Windows the file is %APPDATA%\\postgresql\\.pg_service.conf.`,
  };
}

function uri(client: string, title: string, text: string): ConnectWay {
  return { client, title, kind: 'uri', text, fileName: null, hint: null };
}

function libpqUri({ login, account }: Destination, door: Place, ca: Ca): string {
  const parameters = query([
    ['sslmode', 'verify-full'],
    ['sslrootcert', ca ?? systemCas],
  ]);
  return `postgresql://${inUri(login)}@${placeOf(door)}/${encodeURIComponent(account)}?${parameters}`;
}

function jdbcUri({ login, account }: Destination, door: Place, ca: Ca): string {
  const parameters = query([['user', login], ...driverTls(ca)]);
  return `jdbc:postgresql://${placeOf(door)}/${encodeURIComponent(account)}?${parameters}`;
}

/** What tells the JDBC driver to check who it speaks to. */
function driverTls(ca: Ca): Settings {
  return [['sslmode', 'verify-full'], ca === undefined ? javaSystemCas : ['sslrootcert', ca]];
}

/** DBeaver's `-con` takes a list of `name=value` between bars, which can't stand in a value. */
function dbeaver(to: Destination, { host, port }: Place, ca: Ca): readonly ConnectWay[] {
  const values: Settings = [
    ['name', `${to.target} (${to.account})`],
    ['driver', 'postgresql'],
    ['host', bracketed(host)],
    ['port', String(port)],
    ['database', to.account],
    ['user', to.login],
    ...driverTls(ca).map(([name, value]) => [`prop.${name}`, value] as const),
    ['connect', 'true'],
  ];
  if (values.some(([, value]) => value.includes('|'))) return [];
  const text = values.map(([name, value]) => `${name}=${value}`).join('|');
  const hint = 'DBeaver asks for the password: it is the temporary token. On Windows the program is dbeaverc.exe.';
  return [line('dbeaver', 'DBeaver', `dbeaver -con ${inDoubleQuotes(text) ?? shellWord(text)}`, hint)];
}

function placeOf({ host, port }: Place): string {
  return `${bracketed(host)}:${String(port)}`;
}

function query(parameters: Settings): string {
  return parameters.map(([name, value]) => `${name}=${inUri(value)}`).join('&');
}

/** A slash needs no escape in a query, and reads better. */
function inUri(value: string): string {
  return encodeURIComponent(value).replaceAll("'", '%27').replaceAll('%2F', '/');
}
