import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readStartup } from '../../../src/proxies/postgres/startup-parameters.ts';
import { finished } from '../../e2e/product.ts';
import { count } from '../../kit/counts.ts';
import { startPostgresServer } from '../../kit/postgres-server.ts';

type Parameters = readonly (readonly [string, string])[];
const packet = (parameters: Parameters) => ({ type: 'startup', major: 3, minor: 0, parameters }) as const;

/** What goes to the target; null: refused. */
function passed(...parameters: Parameters): Parameters | null {
  const read = readStartup(packet([['user', 'alice~app'], ...parameters]));
  return read.ok ? read.startup.wish.parameters : null;
}

const options = (text: string): Parameters | null => passed(['options', text]);

test.each<[string, Parameters | null]>([
  ['', []],
  ['  \t\n ', []],
  ['-c statement_timeout=5s', [['statement_timeout', '5s']]],
  ['-cstatement_timeout=5s', [['statement_timeout', '5s']]],
  ['--statement-timeout=5s', [['statement_timeout', '5s']]],
  ['-c search_path=a\\ b\\\\c', [['search_path', 'a b\\c']]],
  ['-c search_path=a=b', [['search_path', 'a=b']]],
  [
    '-c geqo=off --jit=off',
    [
      ['geqo', 'off'],
      ['jit', 'off'],
    ],
  ],
  ['-c role=postgres', null],
  ['-c ROLE=postgres', null],
  ['--session-authorization=postgres', null],
  ['-c\\ role=postgres', null],
  ['-c', null],
  ['-c geqo', null],
  ['-c =x', null],
  ['--', null],
  ['-e', null],
  ['-D /tmp', null],
  ['geqo=off', null],
  ['-c geqo=off stray', null],
  ['--geqo=off --x', null],
  ['-c geqo=off\\ -c\\ role=postgres', [['geqo', 'off -c role=postgres']]],
])('options=%s', (text, expected) => {
  expect(options(text)).toEqual(expected);
});

test('options are read as PostgreSQL reads them', { timeout: 120_000 }, async () => {
  const server = await startPostgresServer();
  const env = {
    PATH: process.env.PATH ?? '',
    LC_ALL: 'C.UTF-8',
    PGHOST: server.socket,
    PGPORT: String(server.port),
    PGUSER: 'postgres',
    PGDATABASE: 'postgres',
    // Set, so that psql does not give its own.
    PGAPPNAME: '',
  };
  for (const value of ['a b', 'a\\b', "a'b", 'a"b', 'a=b', ' a ', '-c', '\\\\']) {
    const escaped = value.replaceAll(/[\\ ]/g, (one) => `\\${one}`);
    const name = 'application_name';
    for (const text of [`-c ${name}=${escaped}`, `-c${name}=${escaped} `, `\t--application-name=${escaped}`]) {
      const { stdout } = await finished('psql', ['-XAtc', `show ${name}`], { env: { ...env, PGOPTIONS: text } });
      expect(options(text), text).toEqual([[name, stdout.replace(/\n$/, '')]]);
      expect(stdout, text).toBe(`${value}\n`);
    }
  }
});

const named = fc.constantFrom('role', 'geqo', 'Role', 'options', 'replication', 'database', 'host', '_pq_.x', 'jit');
const word = fc.oneof(named, fc.string({ maxLength: 12, unit: 'binary' }));
const flag = fc.constantFrom(
  '-c ',
  '-c',
  '--',
  '\\',
  ' ',
  '=',
  '-',
  'role',
  'geqo',
  'off',
  '\t',
  'session_authorization',
);
const anyOptions = fc
  .array(fc.oneof(flag, fc.string({ maxLength: 4 })), { maxLength: 10 })
  .map((each) => each.join(''));
const mayPass = new Set(['geqo', 'jit', 'application_name']);

test('whatever a startup packet asks for, nothing passes but what is on the list', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(word, fc.oneof(word, anyOptions)), { maxLength: 5 }), anyOptions, (some, text) => {
      for (const parameters of [some, [['options', text]] as Parameters]) {
        for (const [name] of passed(...parameters) ?? []) expect(mayPass).toContain(name.toLowerCase());
      }
    }),
    { numRuns: count(3_000, 300_000) },
  );
});

test('what is escaped as libpq asks for comes out as it was', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const escaped = value.replaceAll(/[\\\s]/g, (one) => `\\${one}`);
      expect(options(`-c geqo=${escaped} --jit=${escaped}`)).toEqual([
        ['geqo', value],
        ['jit', value],
      ]);
    }),
    { numRuns: count(500, 50_000) },
  );
});

test('the database and the person are told apart', () => {
  const wish = (...parameters: Parameters) => {
    const read = readStartup(packet(parameters));
    return read.ok ? [read.startup.loginName, read.startup.wish.database] : null;
  };
  expect(wish(['user', 'alice~app'])).toEqual(['alice~app', null]);
  expect(wish(['user', 'alice~app'], ['database', 'alice~app'])).toEqual(['alice~app', null]);
  expect(wish(['user', 'alice~app'], ['database', ''])).toEqual(['alice~app', null]);
  expect(wish(['user', 'alice~app'], ['database', 'host=evil dbname=x'])).toEqual(['alice~app', 'host=evil dbname=x']);
  expect(wish()).toEqual(['', null]);
  expect(wish(['user', 'a'], ['replication', 'off'])).toEqual(['a', null]);
  for (const on of ['on', 'true', '1', 'yes', 'database', 'DATABASE', 'offf', ' off']) {
    expect(wish(['user', 'a'], ['replication', on]), on).toBeNull();
  }
});
