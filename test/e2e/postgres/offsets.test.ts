import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Socket } from 'node:net';
import pg from 'pg';
import { expect, test } from 'vitest';
import { int16, message, type Part } from '../../../src/proxies/postgres/codec/writer.ts';
import { startPostgresServer } from '../../kit/postgres-server.ts';
import { tlsRelay } from '../../proxies/postgres/tls-relay.ts';
import { logIn } from '../person.ts';
import { startProduct } from '../product.ts';
import { postgresResources } from './database.ts';
import { type Recorded, recordedSince } from './recorded.ts';

const query = (text: string): Buffer => message('Q', text);
const parse = (name: string, text: string): Buffer => message('P', name, text, int16(0));
const describePortal = message('D', Buffer.from('P'), '');
const execute = (portal: string, rows: number): Buffer => message('E', portal, rows);
const sync = message('S');

function bind(portal: string, statement: string, ...values: readonly (string | null)[]): Buffer {
  const given = values.flatMap((value): Part[] =>
    value === null ? [-1] : [Buffer.byteLength(value), Buffer.from(value)],
  );
  return message('B', portal, statement, int16(0), int16(values.length), ...given, int16(0));
}

/** Simple and extended queries, names, portals in pieces, COPY both ways, an error with what is skipped behind it: the same each time. */
const session = Buffer.concat([
  query("begin; select 'ä'; insert into r values (1, 'ä')"),
  parse('s', 'insert into r values ($1, $2)'),
  ...[bind('p', 's', '2', "t'wo"), execute('p', 0), bind('', 's', '3', null), execute('', 0), sync],
  ...[query('copy r from stdin'), message('d', Buffer.from('10\tten\n11\t')), message('d', Buffer.from('eleven\n'))],
  message('c'),
  ...[parse('', 'select * from r order by id'), bind('', ''), describePortal, execute('', 2), execute('', 0)],
  ...[message('C', Buffer.from('S'), 's'), sync],
  query('copy r to stdout'),
  ...[parse('', 'select 1 / $1::int'), bind('', '', '0'), execute('', 0), parse('never', 'select 1'), sync],
  query('rollback'),
]);
const readies = 7;

test('a session is answered and recorded alike wherever the bytes from and to the client are cut', async () => {
  const server = await startPostgresServer();
  // The server's own certificate, to which its login is bound.
  const key = readFileSync(join(server.socket, 'server.key'), 'utf8');
  const cutter = new Cutter();
  const relay = await tlsRelay(server.port, { key, cert: server.certificate }, (piece) => cutter.cut(piece));
  const product = await startProduct({ cut: null });
  await product.cli(['apply', '-f', '-'], { input: postgresResources({ ...server, port: relay.port }) });
  const person = await logIn(product);
  const token = await person.token();
  const head = await person.head();
  const client = new pg.Client({
    host: 'localhost',
    port: product.postgresPort,
    user: 'admin~app',
    password: token.secret,
    database: 'postgres',
    ssl: { ca: readFileSync(join(product.dataFolder, 'ca.pem'), 'utf8') },
  });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('create temp table r (id int primary key, name text)');
  const { stream } = (client as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  stream.removeAllListeners('data');
  const whole = await answered(stream, [session]);
  const longest = Math.max(session.length, whole.length);
  for (let at = 1; at < longest; at += 1) {
    cutter.at = at;
    // Each piece is a TLS record of its own, and read by itself.
    const seen = await answered(stream, [session.subarray(0, at), session.subarray(at)]);
    if (!seen.equals(whole))
      expect(`cut at ${String(at)}: ${JSON.stringify(seen.toString('latin1'))}`).toBe(
        JSON.stringify(whole.toString('latin1')),
      );
  }
  expect(cutter.cuts).toBeGreaterThan(whole.length / 2);
  stream.end(message('X'));
  const [recorded] = await recordedSince(product, person, head, 1);
  const rounds = roundsOf(recorded);
  expect(rounds).toHaveLength(longest);
  expect(new Set(rounds).size).toBe(1);
  expect(rounds[0]).toContain('"skipped"');
}, 240_000);

/** Cuts what the server sends once in each round, at the offset of that round. */
class Cutter {
  #at = 0;
  #passed = 0;
  cuts = 0;

  /** A new round begins. */
  set at(at: number) {
    this.#at = at;
    this.#passed = 0;
  }

  cut(piece: Buffer): readonly Buffer[] {
    const offset = this.#at - this.#passed;
    this.#passed += piece.length;
    if (offset <= 0 || offset >= piece.length) return [piece];
    this.cuts += 1;
    return [piece.subarray(0, offset), piece.subarray(offset)];
  }
}

/** Sends the pieces and reads up to the last ReadyForQuery. */
async function answered(stream: Socket, pieces: readonly Buffer[]): Promise<Buffer> {
  const read: Buffer[] = [];
  const end = Promise.withResolvers<Buffer>();
  const hear = (chunk: Buffer): void => {
    read.push(chunk);
    const all = Buffer.concat(read);
    if (readiesIn(all) === readies) end.resolve(all);
  };
  const lost = (): void => end.reject(new Error(`no more came after ${Buffer.concat(read).toString()}`));
  stream.on('data', hear).once('close', lost);
  const timer = setTimeout(lost, 60_000);
  for (const piece of pieces) stream.write(piece);
  try {
    return await end.promise;
  } finally {
    clearTimeout(timer);
    stream.off('data', hear).off('close', lost);
  }
}

function readiesIn(bytes: Buffer): number {
  let found = 0;
  for (let at = 0; at + 5 <= bytes.length; at += 1 + bytes.readUInt32BE(at + 1)) {
    if (bytes[at] === 0x5a && at + 6 <= bytes.length) found += 1;
  }
  return found;
}

/** What is recorded of each round, from one `begin` to the next, with the ends of its statements. */
function roundsOf(recorded: Recorded | undefined): readonly string[] {
  const { records = [] } = recorded ?? {};
  const ends = new Map(records.flatMap(({ ended = [] }) => ended).map((end) => [end.n, end]));
  const rounds: unknown[][] = [];
  for (const { n = 0, via, text, parameters, fetch } of records) {
    if (via === undefined) continue;
    if (text?.startsWith('begin') === true) rounds.push([]);
    const { outcome, error, rows } = ends.get(n) ?? {};
    rounds.at(-1)?.push({ via, text, parameters, fetch, outcome, error, rows });
  }
  return rounds.map((round) => JSON.stringify(round));
}
