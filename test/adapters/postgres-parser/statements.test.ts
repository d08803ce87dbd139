import { describe, expect, test } from 'vitest';
import { openStatementParser } from '../../../src/adapters/postgres-parser/parser.ts';
import { judgeStatement } from '../../../src/domain/policy/judge-statement.ts';
import { defaultPostgresChannels, type PostgresChannels } from '../../../src/domain/policy/postgres-channels.ts';
import { reads, refusedThoughAllowed, writes } from './corpus.ts';

const parser = await openStatementParser();
const judged = (rules: Partial<PostgresChannels>, sql: string) =>
  judgeStatement({ ...defaultPostgresChannels, ...rules }, parser.read(sql));
/** Verdict, and the rule when it is not allowed. */
function outcome(rules: Partial<PostgresChannels>, sql: string): string {
  const found = judged(rules, sql);
  return found.verdict === 'allowed' ? 'allowed' : `${found.verdict} by ${found.rule}`;
}

describe('without rules', () => {
  test.each([...reads, ...writes, ...refusedThoughAllowed])('is allowed: %s', (sql) => {
    expect(parser.read(sql)).toMatchObject({ understood: true, why: null });
    expect(judged({}, sql)).toEqual({ verdict: 'allowed' });
  });
  test('what is not understood is marked', () => {
    expect(outcome({}, 'selekt 1')).toBe('marked by not-understood');
    expect(outcome({ notUnderstood: 'deny' }, 'selekt 1')).toBe('denied by not-understood');
  });
});

describe('read-only', () => {
  test.each(reads)('allows: %s', (sql) => {
    expect(judged({ readOnly: true }, sql)).toEqual({ verdict: 'allowed' });
  });
  test.each([...writes, ...refusedThoughAllowed])('denies: %s', (sql) => {
    expect(outcome({ readOnly: true }, sql)).toBe('denied by read-only');
  });
  test.each([
    ...['selekt 1', 'delete from', "delete from app.orders where x = 'a", 'select 1\0; delete from app.orders'],
    `select ${'('.repeat(20_000)}1`,
    `select ${'1+'.repeat(5_000)}1`,
    `select '${'x'.repeat(70_000)}'`,
  ])('denies what is not understood: %.40s', (sql) => {
    expect(outcome({ readOnly: true }, sql)).toBe('denied by not-understood');
    expect(outcome({ readOnly: true, notUnderstood: 'mark' }, sql)).toBe('marked by not-understood');
  });
  test('says what was refused, and by which rule', () => {
    expect(judged({ readOnly: true }, 'drop table app.orders')).toEqual({
      verdict: 'denied',
      rule: 'read-only',
      why: 'DROP TABLE is refused: this session may only read (readOnly)',
    });
  });
});

describe('kinds', () => {
  const cases: readonly (readonly [Partial<PostgresChannels>, string, string])[] = [
    [{ deny: ['drop'] }, 'drop table a', 'denied by deny'],
    [{ deny: ['drop'] }, 'drop owned by a', 'denied by deny'],
    [{ deny: ['drop table'] }, 'drop view a', 'allowed'],
    [{ deny: ['delete'] }, 'with d as (delete from t returning 1) select * from d', 'denied by deny'],
    [{ deny: ['delete'] }, 'explain delete from t', 'allowed'],
    [{ deny: ['delete'] }, 'explain analyze delete from t', 'denied by deny'],
    [{ deny: ['delete'] }, 'prepare p as delete from t', 'denied by deny'],
    [{ deny: ['delete'] }, 'merge into t using u on true when matched then delete', 'denied by deny'],
    [{ deny: ['delete'] }, 'create rule r as on insert to t do also delete from u', 'denied by deny'],
    [{ deny: ['delete'] }, 'create function f() returns void begin atomic delete from t; end', 'denied by deny'],
    [{ deny: ['update'] }, 'insert into t values (1) on conflict (a) do update set b = 1', 'denied by deny'],
    [{ deny: ['update'] }, 'insert into t values (1) on conflict do nothing', 'allowed'],
    [{ deny: ['insert'] }, 'copy t from stdin', 'denied by deny'],
    [{ deny: ['select'] }, 'copy t to stdout', 'denied by deny'],
    [{ deny: ['select for update'] }, 'select 1 from t for share', 'denied by deny'],
    [{ deny: ['select for update'] }, 'select 1 from t', 'allowed'],
    [{ deny: ['copy to'] }, "copy t to program 'x'", 'denied by deny'],
    [{ deny: ['copy to program'] }, 'copy t to stdout', 'allowed'],
    [{ deny: ['create table'] }, 'select 1 into x', 'denied by deny'],
    [{ deny: ['create table'] }, 'create schema s create table t (a int)', 'denied by deny'],
    [{ deny: ['create table'] }, 'create table if not exists a as execute p', 'denied by deny'],
    [{ deny: ['set role'] }, "select set_config('role', 'x', false)", 'denied by deny'],
    [{ deny: ['set role'] }, "select set_config('ROLE', 'x', false)", 'denied by deny'],
    [{ deny: ['set role'] }, 'reset role', 'denied by deny'],
    [{ deny: ['set role'] }, `set "ROLE" = 'x'`, 'denied by deny'],
    [{ deny: ['set role'] }, 'set local "Role" to x', 'denied by deny'],
    [{ deny: ['set session'] }, 'set "Session_Authorization" = x', 'denied by deny'],
    [{ readOnly: true }, 'set "ROLE" = x', 'denied by read-only'],
    [{ deny: ['set'] }, 'set session authorization x', 'denied by deny'],
    [{ deny: ['begin'] }, 'start transaction', 'denied by deny'],
    [{ deny: ['do', 'call'] }, 'do $$begin end$$', 'denied by deny'],
    [{ deny: ['do', 'call'] }, 'call p()', 'denied by deny'],
    [{ allow: ['select'] }, 'select 1', 'allowed'],
    [{ allow: ['select'] }, 'begin; set x.y = 1; prepare p as select 1; execute p; commit', 'allowed'],
    [{ allow: ['select'] }, 'insert into t values (1)', 'denied by allow'],
    [{ allow: ['select'] }, 'with i as (insert into t values (1) returning 1) select 1', 'denied by allow'],
    [{ allow: ['select'] }, 'select 1; select 2; truncate t', 'denied by allow'],
    [{ allow: ['select'] }, 'set role x', 'denied by allow'],
    [{ allow: ['select'] }, 'set local session authorization default', 'denied by allow'],
    [{ allow: ['select'] }, 'listen x', 'denied by allow'],
    [{ allow: ['select', 'create'] }, 'create table a as select 1', 'allowed'],
    [{ allow: ['select'], deny: ['select for update'] }, 'select 1 for update', 'denied by deny'],
    [{ allow: ['alter table'] }, 'alter table a rename b to c', 'allowed'],
    [{ allow: ['alter table'] }, 'alter view a rename to c', 'denied by allow'],
  ];
  test.each(cases)('%j: %s is %s', (rules, sql, expected) => {
    expect(outcome(rules, sql)).toBe(expected);
  });
});

describe('objects', () => {
  const denying = (...deny: string[]): Partial<PostgresChannels> => ({ objects: { allow: [], deny } });
  const allowing = (...allow: string[]): Partial<PostgresChannels> => ({ objects: { allow, deny: [] } });
  const touching: readonly string[] = [
    'select * from app.pay',
    'select * from "app"."pay"',
    'SELECT * FROM APP.PAY',
    'select * from U&"\\0061pp".U&"p\\0061y"',
    'select * from db.app.pay',
    'select (select 1 from app.pay)',
    'select 1 where exists (table app.pay)',
    'select 1 from a join lateral (select * from app.pay) s on true',
    'select 1 order by (select 1 from app.pay)',
    'select 1 limit (select 1 from app.pay)',
    'select array(select 1 from app.pay)',
    'select 1 union select 2 union select 3 from app.pay',
    'select sum(1) filter (where (select true from app.pay)) over (order by 1) from a',
    'with c as (select * from app.pay) select 1',
    'with pay as (select * from app.pay) select * from pay',
    'with recursive c as (select 1 from app.pay union all select 1 from c) select * from c',
    'insert into a select * from app.pay',
    'insert into app.pay values (1)',
    'insert into a values ((select 1 from app.pay))',
    'insert into a values (1) on conflict do update set x = (select 1 from app.pay)',
    'insert into a values (1) returning (select 1 from app.pay)',
    'update app.pay set a = 1',
    'update a set x = 1 from app.pay',
    'delete from a using app.pay',
    'merge into a using app.pay on true when matched then delete',
    'merge into a using b on true when matched then update set x = (select 1 from app.pay)',
    'select * into app.pay from a',
    'create table a as table app.pay',
    'create table app.pay (a int)',
    'create table a (like app.pay)',
    'create table a () inherits (app.pay)',
    'create table a partition of app.pay default',
    'create table a (x int references app.pay (id))',
    'create view a as select * from app.pay',
    'create materialized view a as select * from app.pay',
    'create rule r as on insert to a do also insert into app.pay values (1)',
    'create rule r as on insert to app.pay do nothing',
    'create trigger t before insert on app.pay execute function f()',
    'create policy p on app.pay',
    'create policy p on a using (exists (select 1 from app.pay))',
    'create index on app.pay (id)',
    'create publication p for table app.pay',
    'create publication p for tables in schema app',
    'create publication p for all tables',
    'create statistics s on a, b from app.pay',
    'alter table app.pay rename to x',
    'alter table app.pay rename a to b',
    'alter table app.pay set schema x',
    'alter table app.pay owner to x',
    'alter table a attach partition app.pay default',
    'alter table a inherit app.pay',
    'alter index app.pay rename to x',
    'alter schema app rename to x',
    'alter schema app owner to x',
    'alter trigger t on app.pay rename to x',
    'drop table a, app.pay',
    'drop view app.pay',
    'drop schema app',
    'drop trigger t on app.pay',
    'drop policy p on app.pay',
    'comment on table app.pay is null',
    'comment on column app.pay.id is null',
    "security label on table app.pay is 'x'",
    'grant select on app.pay to x',
    'grant usage on schema app to x',
    'grant select on all tables in schema app to x',
    'alter default privileges in schema app grant select on tables to x',
    'truncate a, app.pay',
    'lock app.pay',
    'copy app.pay to stdout',
    'copy (select * from app.pay) to stdout',
    'copy app.pay from stdin',
    'explain select * from app.pay',
    'prepare p as select * from app.pay',
    'declare c cursor for select * from app.pay',
    'vacuum app.pay',
    'vacuum',
    'analyze a, app.pay',
    'cluster app.pay using i',
    'reindex table app.pay',
    'reindex schema app',
    'refresh materialized view app.pay',
    "select nextval('app.pay')",
    "select setval('app.pay'::regclass, 1)",
    "select nextval('ap' || 'p.pay')",
    'select currval(\'"app"."pay"\')',
    "select query_to_xml('select 1', true, true, '')",
    "select * from pg_logical_slot_get_changes('s', null, null)",
    "select pg_file_read('base/1/1', 0, 100)",
    "select table_to_xml('a', true, true, '')",
    "select lo_import('base/5/16384')",
    "select lo_export(1, '/x')",
    "select pg_file_write('x', 'y', false)",
    "select pg_logical_slot_get_changes('s', null, null)",
    "select heap_force_kill('app.pay', array['(0,1)']::tid[])",
    'do $$begin end$$',
    'call p()',
    "create function f() returns int language sql as 'select 1'",
    'create function f() returns int begin atomic select 1 from app.pay; end',
    "copy a from '/x'",
    'drop owned by x',
    'import foreign schema x from server y into app',
    'select * from pay',
  ];
  test.each(touching)('rules see what is touched by: %s', (sql) => {
    expect(parser.read(sql)).toMatchObject({ understood: true });
    expect(outcome(denying('app.pay'), sql), 'deny').toBe('denied by objects');
    expect(outcome(allowing('a', 'b', 'c'), sql), 'allow').toBe('denied by objects');
  });

  const cases: readonly (readonly [Partial<PostgresChannels>, string, string])[] = [
    [denying('app.*'), 'select * from app.a', 'denied by objects'],
    [denying('app.*'), 'select * from a', 'denied by objects'],
    [denying('app.*'), 'select * from b.a', 'allowed'],
    [denying('pay'), 'select * from b.pay', 'denied by objects'],
    [denying('Pay'), 'select * from pay', 'allowed'],
    [denying('Pay'), 'select * from "Pay"', 'denied by objects'],
    [denying('app.pay'), 'with pay as (select 1) select * from pay', 'allowed'],
    [denying('app.pay'), 'with pay as (select 1) select * from app.pay', 'denied by objects'],
    [denying('pay'), 'with pay as (select * from pay) select * from pay', 'denied by objects'],
    [denying('pay'), 'with pay as (select 1) select * from (select 1 from pay) s', 'allowed'],
    [denying('pay'), 'select 1 from (with pay as (select 1) select * from pay) s, pay', 'denied by objects'],
    [denying('pay'), 'with pay as (select 1) insert into pay select * from pay', 'denied by objects'],
    [denying('app.pay'), 'select app.pay(1)', 'denied by objects'],
    [denying('app.pay'), 'select * from pg_catalog.pg_class, pg_class, information_schema.tables', 'allowed'],
    [denying('app.*'), 'select * from pg_class', 'allowed'],
    [denying('pg_catalog.*'), 'select * from pg_class', 'denied by objects'],
    [allowing('app.orders'), 'select * from app.orders', 'allowed'],
    [allowing('app.orders'), 'select * from orders', 'denied by objects'],
    [allowing('orders'), 'select * from orders, app.orders', 'allowed'],
    [allowing('app.*'), 'select * from app.orders o join app.lines l using (id)', 'allowed'],
    [allowing('app.*'), 'select * from app.orders, other.x', 'denied by objects'],
    [allowing('app.*'), 'select * from pg_catalog.pg_class', 'allowed'],
    [allowing('app.*'), 'select * from pg_stats', 'denied by objects'],
    [denying('app.pay'), 'select * from pg_stats', 'denied by objects'],
    [denying('app.pay'), 'select * from pg_catalog.pg_stats_ext', 'denied by objects'],
    [denying('app.pay'), 'select * from pg_largeobject', 'denied by objects'],
    [denying('app.pay'), 'select * from other.pg_stats', 'allowed'],
    [denying('app.pay'), 'select * from pg_catalog.pg_statistic_ext, pg_stat_activity', 'allowed'],
    [allowing('app.*'), 'select * from pg_catalog.pg_statistic_ext, pg_largeobject_metadata', 'allowed'],
    [allowing('pg_catalog.pg_stats'), 'select * from pg_catalog.pg_stats', 'allowed'],
    [allowing('app.*'), 'select * from pg_catalog.pg_statistic', 'denied by objects'],
    [allowing('app.*'), 'update pg_catalog.pg_class set relname = relname', 'denied by objects'],
    [allowing('app.*'), "select nextval('app.s')", 'allowed'],
    [allowing('app.*'), 'create schema app', 'allowed'],
    [allowing('app.t'), 'drop schema app', 'denied by objects'],
    [allowing('app.*'), 'select now(), count(*)', 'allowed'],
    [{ objects: { allow: ['app.*'], deny: ['app.pay'] } }, 'select * from app.pay', 'denied by objects'],
  ];
  test.each(cases)('%j: %s is %s', (rules, sql, expected) => {
    expect(outcome(rules, sql)).toBe(expected);
  });
  test('what is denied and what is not allowed read the same', () => {
    const texts = [denying('app.pay'), allowing('app.x')].map((rules) => judged(rules, 'select * from app.pay'));
    expect(texts[0]).toEqual(texts[1]);
  });
});

describe('any rule denies what would make the server read a text otherwise', () => {
  const rules = { deny: ['truncate'] };
  const settings = 'denied by settings';
  test.each<[string, string]>([
    ['set standard_conforming_strings = off', settings],
    ['set local standard_conforming_strings = 0', settings],
    ["select set_config('STANDARD_conforming_strings', 'off', false)", settings],
    ["select set_config('standard_' || 'conforming_strings', 'off', false)", settings],
    ["update pg_settings set setting = 'off' where name = 'standard_conforming_strings'", settings],
    ["set client_encoding = 'SJIS'", settings],
    ["set names 'gb18030'", settings],
    ["select set_config('standard_conforming_strings', 'o' || 'ff', false)", settings],
    ["select set_config('standard_conforming_strings', new_value => 'off', is_local => false)", settings],
    ["set names 'WIN949'", settings],
    ["set client_encoding = 'S-J-I-S'", settings],
    ['alter role x set standard_conforming_strings = off', settings],
    ['set standard_conforming_strings = on', 'allowed'],
    ["set names 'UTF8'", 'allowed'],
    ["set client_encoding to 'latin1'", 'allowed'],
    ["set client_encoding to 'WIN1252'", 'allowed'],
    ['reset all', 'allowed'],
    ['discard all', 'allowed'],
  ])('%s is %s', (sql, expected) => {
    expect(outcome(rules, sql)).toBe(expected);
    expect(outcome({}, sql)).toBe('allowed');
  });
});
