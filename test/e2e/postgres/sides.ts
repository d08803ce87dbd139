import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';
import { logIn } from '../person.ts';
import { type Finished, finished, launchProduct, type Product } from '../product.ts';
import { libpq, postgresResources } from './database.ts';
import { type Logged, loggedSince } from './logged.ts';
import { askedOf, errorsOf, type Recorded, recordedSince } from './recorded.ts';

type Environment = Readonly<Record<string, string>>;

/** A client program: gets where to connect to in libpq's environment, and a folder to work in. */
export type Program = (env: Environment, folder: string, server: PostgresServer) => Promise<Finished>;

export interface Ran {
  readonly direct: Finished;
  readonly proxied: Finished;
  /** Connection by connection. */
  readonly logged: readonly Logged[];
  readonly recorded: readonly Recorded[];
}

/** A database with its log, and the product before it. */
export interface Sides {
  readonly product: Product;
  readonly server: PostgresServer;
  /** Runs a program at the database itself and through the proxy, each with a new database `work`. */
  both(program: Program): Promise<Ran>;
  stop(): Promise<void>;
}

export async function launchSides(): Promise<Sides> {
  const [product, server] = await Promise.all([launchProduct(), launchPostgresServer({ jsonlog: true })]);
  await product.cli(['apply', '-f', '-'], { input: postgresResources(server) });
  const person = await logIn(product);
  const token = await person.token();
  const proxied = { ...libpq(product, 'admin~app', token.secret), PGDATABASE: 'work' };
  const ca = join(product.dataFolder, 'database-ca.pem');
  writeFileSync(ca, server.ca.pem);
  const direct = {
    ...proxied,
    PGPORT: String(server.port),
    PGUSER: server.username,
    PGPASSWORD: server.password,
    PGSSLROOTCERT: ca,
  };
  const run = async (program: Program, env: Environment): Promise<Finished> => {
    await server.sql('drop database if exists work with (force)');
    await server.sql('create database work');
    const folder = makeTempDir();
    try {
      return await program(env, folder.path, server);
    } finally {
      folder.remove();
    }
  };
  let start = 0;
  return {
    product,
    server,
    both: async (program) => {
      const plain = await run(program, direct);
      // Whoever connected so far is gone.
      await loggedSince(server, start);
      start = server.jsonLog().length;
      const head = await person.head();
      const passed = await run(program, proxied);
      const logged = await loggedSince(server, start);
      const recorded = await recordedSince(product, person, head, logged.length);
      return { direct: plain, proxied: passed, logged, recorded };
    },
    stop: async () => {
      await product.stop();
      await server.stop();
    },
  };
}

/** The record of each connection is what the server's own log says of it. Connections made side by side are told apart by what they did. */
export function expectSameRecord({ logged, recorded }: Pick<Ran, 'logged' | 'recorded'>): void {
  expect(recorded).toHaveLength(logged.length);
  const left = [...recorded];
  for (const one of logged) {
    const described = (each: Recorded): Described => ({ asked: askedOf(each, one.neverRun), errors: errorsOf(each) });
    const expected = { asked: one.asked, errors: one.errors };
    const line = JSON.stringify(expected);
    const same = left.findIndex((each) => JSON.stringify(described(each)) === line);
    const [found] = left.splice(Math.max(same, 0), 1);
    if (same === -1 && found !== undefined) expectSameLines(described(found), expected);
    const texts = new Set(found?.records.map(({ text }) => text));
    expect(one.neverRun.filter((text) => !texts.has(text))).toEqual([]);
  }
}

type Described = Pick<Logged, 'asked' | 'errors'>;

/** The first statement that differs, and not thousands of lines of what is the same. */
function expectSameLines(seen: Described, expected: Described): void {
  const differs = expected.asked.findIndex((one, at) => JSON.stringify(one) !== JSON.stringify(seen.asked[at]));
  if (differs !== -1) expect(seen.asked[differs]).toEqual(expected.asked[differs]);
  expect(seen.asked.slice(expected.asked.length)).toEqual([]);
  expect(seen.errors).toEqual(expected.errors);
  expect.fail('the record differs from the log');
}

/** A bash script in the folder of a program. */
export function script(text: string): Program {
  return (env, cwd) => finished('bash', ['--norc', '-euo', 'pipefail', '-c', text], { env, cwd });
}
