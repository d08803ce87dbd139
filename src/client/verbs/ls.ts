import { cell } from '../format.ts';
import { positionals, type Verb } from '../verb.ts';
import { connectWays } from '../../wire/connect-lines/connect-ways.ts';
import type { Place } from '../../wire/connect-lines/way.ts';

interface Reach {
  readonly target: string;
  readonly account: string;
  readonly protocol: string;
  readonly login: string;
  readonly allowed: boolean;
  readonly reason: string | null;
}

/** The ports of the doors; null: switched off. */
type Ports = Readonly<Record<string, number | null>>;

export const ls: Verb = {
  name: 'ls',
  usage: '',
  summary: 'what may I reach, and how',
  options: {},
  async run(context, given) {
    positionals(given);
    const api = await context.api();
    const { reach, ports } = await api.rest<{ reach: readonly Reach[]; ports: Ports }>('GET', '/api/v1/reach');
    const { server, caFile } = context.installation();
    const host = server.hostname.replaceAll(/[[\]]/g, '');
    const rows = reach.map((entry) => {
      const port = ports[entry.protocol] ?? null;
      const connect = port === null ? [] : linesOf(entry, { host, port }, caFile);
      return { ...entry, connect };
    });
    context.list(
      rows,
      ['target', 'account', 'protocol', 'login', 'allowed', 'reason'],
      'Nothing yet: ask an administrator for an entitlement.',
      rows.map((row) => ({ ...row, allowed: row.allowed ? 'yes' : 'no' })),
    );
    if (context.options.format !== 'table') return;
    for (const { login, connect } of rows.filter(({ allowed }) => allowed)) {
      for (const line of block(login, connect)) context.line(line);
    }
  },
};

/** What to paste, and for which client. */
interface ConnectLine {
  readonly client: string;
  readonly line: string;
}

/** One for each kind of client; the rest is in the web's connect drawer and in GraphQL. */
const listed = ['ssh', 'sftp', 'psql', 'uri', 'jdbc'];

function linesOf(entry: Reach, door: Place, ca: string | undefined): readonly ConnectLine[] {
  return connectWays(entry, door, ca)
    .filter(({ client }) => listed.includes(client))
    .map(({ client, text }) => ({ client, line: text }));
}

/** The password of each of them is a token. */
function block(login: string, connect: readonly ConnectLine[]): readonly string[] {
  if (connect.length === 0) return [];
  const width = Math.max(...connect.map(({ client }) => client.length));
  return ['', `${cell(login)}:`, ...connect.map(({ client, line }) => `  ${client.padEnd(width)}  ${cell(line)}`)];
}
