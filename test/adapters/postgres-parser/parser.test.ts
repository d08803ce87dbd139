import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { masked } from '../../../src/adapters/postgres-parser/masked.ts';
import { openStatementParser } from '../../../src/adapters/postgres-parser/parser.ts';
import { factsOf } from '../../../src/adapters/postgres-parser/walk.ts';
import { judgeStatement } from '../../../src/domain/policy/judge-statement.ts';
import { defaultPostgresChannels } from '../../../src/domain/policy/postgres-channels.ts';
import { count } from '../../kit/counts.ts';
import { reads, refusedThoughAllowed, writes } from './corpus.ts';

const parser = await openStatementParser();
const corpus = [...reads, ...writes, ...refusedThoughAllowed];
const statement = (text: string) => parser.read(text).statements[0];

describe('facts', () => {
  test('name prepared statements, as the server keeps the names', () => {
    expect(statement('PREPARE Plan1 AS SELECT 1')).toMatchObject({ kind: 'prepare', prepares: 'plan1' });
    expect(statement('prepare "Plan1" (int) as select $1')).toMatchObject({ prepares: 'Plan1' });
    expect(statement('execute Plan1 (1)')).toMatchObject({ kind: 'execute', executes: 'plan1' });
    expect(statement('explain analyze execute plan1')).toMatchObject({ kind: 'explain', executes: 'plan1' });
    expect(statement('create table a as execute plan1')).toMatchObject({ executes: 'plan1' });
    expect(statement('deallocate prepare "A b"')).toMatchObject({ deallocates: { name: 'A b' } });
    expect(statement('deallocate all')).toMatchObject({ deallocates: 'all' });
    expect(statement('discard all')).toMatchObject({ deallocates: 'all' });
    expect(statement('discard plans')).toMatchObject({ deallocates: null });
  });
  test('are one for each statement of a text, in order', () => {
    const { statements } = parser.read('select 1; insert into a values (1) ;; commit');
    expect(statements.map(({ kind }) => kind)).toEqual(['select', 'insert', 'commit']);
    expect(parser.read(' -- nothing').statements).toEqual([]);
  });
  test('tell what is written, read and defined', () => {
    expect(statement("with d as (delete from x.b) insert into a select nextval('x.s') from c")).toMatchObject({
      kind: 'insert',
      kinds: ['insert', 'delete', 'select'],
      objects: [
        { type: 'relation', schema: 'x', name: 'b', access: 'write' },
        { type: 'relation', schema: null, name: 'a', access: 'write' },
        { type: 'relation', schema: 'x', name: 's', access: 'write' },
        { type: 'relation', schema: null, name: 'c', access: 'read' },
      ],
      functions: [{ schema: null, name: 'nextval' }],
    });
    expect(statement('alter table x.a rename to b')?.objects).toEqual([
      { type: 'relation', schema: 'x', name: 'a', access: 'define' },
    ]);
    expect(statement('create view v as select 1 from t')?.objects).toEqual([
      { type: 'relation', schema: null, name: 'v', access: 'define' },
      { type: 'relation', schema: null, name: 't', access: 'read' },
    ]);
  });
});

describe('a tree', () => {
  const select = (value: unknown): unknown => ({ SelectStmt: { targetList: [{ ResTarget: { val: value } }] } });
  test('with a node that nobody has looked at is not understood', () => {
    expect(factsOf(select({ ColumnRef: {} }))).toMatchObject({ kind: 'select' });
    expect(() => factsOf(select({ NodeOfTomorrow: {} }))).toThrow('node');
    expect(() => factsOf({ NewStmt: {} })).toThrow('node');
  });
  test('is walked to a bound and no deeper', () => {
    const nested = (levels: number): unknown => (levels === 0 ? {} : { A_Expr: { lexpr: nested(levels - 1) } });
    expect(factsOf(select(nested(300)))).toMatchObject({ kind: 'select' });
    expect(() => factsOf(select(nested(450)))).toThrow('too-deep');
  });
});

describe('a fingerprint', () => {
  test('is the same for texts that differ in constants, and only for those', () => {
    const of = (text: string) => parser.read(text).fingerprint;
    expect(of("select 1 from a where b = 'x'")).toBe(of("SELECT  22 FROM a WHERE b = 'yy' -- comment"));
    expect(of('select 1 from a')).not.toBe(of('select 1 from b'));
    expect(of("create role x password 'one'")).toBe(of("create role x password 'two'"));
    expect(of("selekt password 'one'")).toBe(of("selekt password 'two'"));
    for (const text of [...corpus, 'selekt', 'a'.repeat(70_000)]) expect(of(text)).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('masked numbers', () => {
  test('stand alone, in texts where nothing else can hold a digit', () => {
    expect(masked('SELECT a1 FROM t2 WHERE x = 17 AND y IN (1,22, 333) LIMIT 5;')).toBe(
      'SELECT a1 FROM t2 WHERE x = 0 AND y IN (0,0, 0) LIMIT 0;',
    );
    for (const text of [
      ...['select 1.5, .5, 1e5, 0x1F, 1_000, t.5, a1', "select '1'", 'select "1"', 'select $1', 'select 1 -- 1'],
      ...[
        'select /*1*/ 2',
        'select a\\1',
        'select é1',
        'select 1::float(3)',
        'set transaction_read_only = 0',
        'fetch 3 c',
      ],
    ]) {
      expect(masked(text), text).toBe(text);
    }
  });
  const word = fc.constantFrom(
    ...[
      'select',
      'insert into t values',
      'update t set a =',
      'delete from t where a =',
      'from',
      'where',
      'and',
      'limit',
    ],
    ...[
      'a',
      'b2',
      't',
      '(',
      ')',
      ',',
      '+',
      '-',
      '*',
      '::int',
      '::numeric(',
      '::varchar(',
      '::bit(',
      'in (',
      'order by',
      ';',
    ],
    ...[
      '0',
      '7',
      '00',
      '12',
      '2147483648',
      '99999999999999999999',
      '1.5',
      '1e3',
      'x.1',
      'between',
      'for update',
      'float(',
    ],
    ...[
      'set_config(',
      'array[',
      ']',
      'interval(',
      'time(',
      'offset',
      'fetch first',
      'rows only',
      'over (rows',
      'preceding)',
    ],
    ...["'1'", '$1', '--', '/* 1 */', '\n', '.', '..', 'as', 'union select', 'tablesample system (', 'returning'],
  );
  test('do not change what is read', async () => {
    // Two parsers that share no cache; a masked text that is not understood is not kept for others.
    let understood = 0;
    const sql = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => `select ${words.join(' ')}`);
    const made = fc.oneof(
      sql,
      fc.constantFrom(...reads).map((text) => text.replaceAll('1', '99')),
    );
    const other = await openStatementParser();
    fc.assert(
      fc.property(made, (text) => {
        const direct = other.read(masked(text));
        const cached = parser.read(text);
        const whole = parser.read(`${text} `.replace(/ $/, '/**/'));
        if (cached.understood) understood += 1;
        expect(cached.understood).toBe(direct.understood);
        if (!text.includes('--')) expect(cached.statements).toEqual(whole.statements);
        if (cached.understood && !text.includes('--')) expect(cached.fingerprint).toBe(whole.fingerprint);
      }),
      { numRuns: count(3_000, 100_000) },
    );
    expect(understood).toBeGreaterThan(100);
  });
});

test('a text that is too long has a fingerprint without delay, which is no hash of a password in it', () => {
  const long = (password: string, count: number): string =>
    `alter role x password '${password}'; select ${"'', ".repeat(count)} 1`;
  const print = (sql: string): string => parser.read(sql).fingerprint;
  expect(print(long('geheim', 20_000))).toBe(print(long('anders', 20_000)));
  expect(print(long('geheim', 20_000))).not.toBe(print(long('geheim', 20_001)));
  const begun = performance.now();
  print(long('geheim', 12_000_000));
  expect(performance.now() - begun).toBeLessThan(1_000);
});

describe('secrets', () => {
  test.each([
    "create role x password 'geheim'",
    'create role x password $$geheim$$ login',
    'create role x password $a$geheim$a$ login',
    "create user x with encrypted password E'geh\\x65im' valid until '2030-01-01'",
    "alter role x password /* new */ 'geheim'",
    "alter role x password 'gehei'\n'm'",
    "alter user x password U&'geheim'",
    "select 1; alter user x password 'geheim'",
    "create user mapping for x server s options (user 'u', password 'geheim')",
    'alter user mapping for x server s options (set "password" \'geheim\')',
    "create server s foreign data wrapper f options (host 'h', sslpassword 'geheim')",
    String.raw`create server s foreign data wrapper f options (U&"ssl\0070\+000061ssword" 'geheim')`,
    "create server s foreign data wrapper f options (aws_secret_key 'geheim')",
    "create subscription s connection 'host=h password=geheim' publication p",
    "alter subscription s connection 'postgresql://u:geheim@h/d'",
    "select dblink_connect('host=h password = geheim')",
    "select dblink('postgres://u:geheim@h/d', 'select 1')",
    "alter role x password 'geheim",
    `alter role x password 'geheim'; select '${'x'.repeat(70_000)}'`,
    `select '${'é'.repeat(70_000)}', dblink('host=h password=geheim')`,
  ])('are replaced, whatever is recorded: %.60s', (sql) => {
    const kept = parser.withoutSecrets(sql);
    expect(kept).toContain("'<secret>'");
    expect(kept).not.toMatch(/gehei|geh\\x65im/);
    expect(parser.redact(sql) ?? '').not.toMatch(/gehei|geh\\x65im/);
  });
  test.each([
    [
      "do $$ begin execute 'alter role x password ''geheim'''; end $$",
      "do $$ begin execute 'alter role x password ''<secret>'''; end $$",
    ],
    [
      "do 'begin execute ''alter role x password ''''geheim'''''''; end'",
      "do 'begin execute ''alter role x password ''''<secret>'''''''; end'",
    ],
    [
      "do $f$ begin perform dblink_exec('host=h password=geheim', $$delete from y$$); end $f$",
      "do $f$ begin perform dblink_exec('<secret>', $$delete from y$$); end $f$",
    ],
    [
      "select 'see password=geheim, or postgres://u:geheim@h'",
      "select 'see password=<secret>, or postgres://u:<secret>@h'",
    ],
  ])('inside code and other texts are replaced alone: %s', (sql, kept) => {
    expect(parser.withoutSecrets(sql)).toBe(kept);
  });
  const pad = ` -- ${'x'.repeat(70_000)}`;
  test.each([
    'do $$ /* secret= */ begin delete from y; end $$',
    "select E'a'\n'\\' password '; delete from y; --'",
    `alter role x password 'x'; do ${' '.repeat(300)} 'begin delete from y; end'`,
    'do language U&"plpgsql" $$ begin delete from y; end $$',
    "do 'begin /* password= */ delete from y; end'",
    'do $$ begin /*pwd=*/delete/**/from/**/y; end $$',
    "create function f() returns void language sql as 'delete from y; --pass='",
    "select 'key'; delete from y where a = 'b'",
    "select $a$ password '$a$; delete from y; --'",
    "select a$b$, ' password $b$'; delete from y; --'",
    `select 1 as a${'1'.repeat(120)}pass${'1'.repeat(90)}$b$, 1; delete from y; select 1 as x$b$`,
    `select 1 as a11${'\u{1f600}'.repeat(97)}pass$b$, 1; delete from y; select 1 as x$b$`,
    "select E'\\' password '; delete from y; --'",
    'select "password \'"; delete from y; --\'',
    "select /* /* */ password ' */ 1; delete from y; --'",
    "select 1 -- password '\n; delete from y; --'",
  ])('are no place to hide in: %s', (sql) => {
    for (const text of [sql, sql + pad]) expect(parser.withoutSecrets(text)).toMatch(/delete(\s|\/\*\*\/)/);
  });
  test('are looked for in texts of any length, in time', () => {
    const long = [
      `'${'x'.repeat(8 << 20)}'`,
      `'${'://a:'.repeat(1 << 20)}'`,
      "'' ".repeat(1 << 20),
      "$$''$$ ".repeat(1 << 20),
    ];
    for (const each of long) {
      const sql = `insert into keys values (${each}); alter role x password 'geheim'`;
      const begun = performance.now();
      expect(parser.read(sql)).toMatchObject({ understood: false, why: 'too-long' });
      expect(parser.withoutSecrets(sql).endsWith("alter role x password '<secret>'")).toBe(true);
      expect(performance.now() - begun).toBeLessThan(10_000);
    }
  });
  test('are all that is replaced', () => {
    const sql = "create user é with password 'geheim' valid until '2030-01-01' -- é";
    expect(parser.withoutSecrets(sql)).toBe("create user é with password '<secret>' valid until '2030-01-01' -- é");
    for (const text of ["select 'a' as password, 'b'", "update t set password = 'x' where key = 'y'", ...reads]) {
      expect(parser.withoutSecrets(text)).toBe(text);
    }
  });
});

test('a redacted text has neither constants nor comments', () => {
  expect(
    parser.redact(
      "select 'é''é', 1, 2.5, b'1', x'f', $$a$$, E'\\n', U&'d', $1 from \"é 1\" -- c\n where a1 = 7 /* d */",
    ),
  ).toBe('select ?, ?, ?, ?, ?, ?, ?, ?, $1 from "é 1"  \n where a1 = ?  ');
  expect(parser.redact("alter system set x = 'y'")).toBe('alter system set x = ?');
  expect(parser.redact("comment on table a is 'x'")).toBe('comment on table a is ?');
  expect(parser.redact("select 'open")).toBeNull();
  expect(parser.redact('')).toBe('');
});

test('whatever comes, there is a reading, and nothing of it lifts a rule', () => {
  const piece = fc.oneof(
    fc.constantFrom(...corpus),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom("'", '"', '$$', '--', '/*', '*/', ';', '\\', '\0', '(', ')', "U&'", "E'", '\ud800'),
  );
  const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(' '));
  const rules = { ...defaultPostgresChannels, readOnly: true };
  fc.assert(
    fc.property(text, (sql) => {
      const reading = parser.read(sql);
      expect(reading.understood).toBe(reading.why === null);
      expect(reading.fingerprint).toMatch(/^[0-9a-f]{16}$/);
      if (!reading.understood) expect(reading.statements).toEqual([]);
      if (!reading.understood) expect(judgeStatement(rules, reading).verdict).toBe('denied');
      expect(typeof parser.withoutSecrets(sql)).toBe('string');
      parser.redact(sql);
    }),
    { numRuns: count(2_000, 1_000_000) },
  );
  expect(parser.read('select 1').understood, 'and the parser still works').toBe(true);
});
