import { afterAll, beforeAll, expect, test } from 'vitest';
import { launch } from '../../kit/process.ts';
import { until } from '../../kit/until.ts';
import type { Finished } from '../product.ts';
import { expectSameRecord, launchSides, type Program, type Ran, script, type Sides } from './sides.ts';

// The clients of PostgreSQL itself: the same results as directly, and the record is what the database's own log says.

let sides: Sides;

beforeAll(async () => {
  sides = await launchSides();
}, 240_000);

afterAll(async () => {
  await sides.stop();
});

/** Numbers that differ from run to run: of processes and of large objects. */
const masked = (text: string): string => text.replace(/\b(PID|lo_import|lo_unlink) \d+/g, '$1 N');

function expectSameResults({ direct, proxied }: Ran, mask = (text: string): string => text): void {
  const seen = ({ code, stdout, stderr }: Finished): unknown => ({ code, stdout: mask(stdout), stderr: mask(stderr) });
  expect(seen(proxied)).toEqual(seen(direct));
}

const rowsOf = ({ recorded }: Ran): number =>
  recorded.flatMap(({ runs }) => runs).reduce((sum, { rows }) => sum + rows, 0);

test('psql: transactions, errors, prepared statements, cursors, several statements in one text', async () => {
  const ran = await sides.both(
    script(String.raw`psql -X -a <<'SQL'
create table t (id int primary key, name text);
insert into t select i, 'name ' || i from generate_series(1, 100) i;
begin;
update t set name = 'it''s' where id = 1;
insert into t values (1, 'again');
select 'never';
rollback;
selekt 1;
select 1/0;
prepare by_id (int) as select name from t where id = $1;
execute by_id(7);
select 1 \; select 2 \; select 3;
deallocate by_id;
execute by_id(7);
begin;
declare c cursor for select id from t order by id;
fetch 5 from c;
fetch 5 from c;
close c;
prepare p as select 'first';
rollback;
execute p;
deallocate all;
prepare p as select 'second';
execute p;
discard all;
execute p;
do $$ begin raise notice 'a notice'; raise exception 'own error' using errcode = 'ZZ001'; end $$;
;
select $1 \bind x
\d t
\gdesc
select count(*) from t \gset
select :count, repeat('ä', 70000);
SQL`),
  );
  expect(ran.direct.code).toBe(0);
  expectSameResults(ran);
  expectSameRecord(ran);
  expect(ran.logged[0]?.errors).toEqual(expect.arrayContaining(['23505', '25P02', '42601', '22012', '26000', 'ZZ001']));
}, 240_000);

test(String.raw`psql: \copy both ways, COPY to and from the client, and one that fails`, async () => {
  const ran = await sides.both(
    script(String.raw`psql -X <<'SQL'
create table t (id int, name text);
\copy t from program 'seq 1 20000 | sed "s/$/\tname/"'
\copy (select * from t where id < 1000) to 'out.txt'
copy t (id) from stdin;
1
no number
\.
select count(*) from t;
copy t to stdout with (format binary);
copy (select 1) to stdout;
SQL
cat out.txt`),
  );
  expect(ran.direct.stdout).toContain('999\tname');
  expectSameResults(ran);
  expectSameRecord(ran);
}, 240_000);

test('psql: large objects, which call functions by their numbers', async () => {
  const ran = await sides.both(
    script(String.raw`head -c 300000 /dev/zero | tr '\0' x > in.txt
psql -X -v ON_ERROR_STOP=1 <<'SQL'
\lo_import in.txt 'a comment'
\lo_export :LASTOID out.txt
\lo_unlink :LASTOID
SQL
cmp in.txt out.txt && echo same`),
  );
  expect(ran.direct.stdout).toContain('same');
  expectSameResults(ran, masked);
  expectSameRecord(ran);
  expect(ran.logged[0]?.asked.filter(({ text }) => text.startsWith('function ')).length).toBeGreaterThan(30);
}, 240_000);

test('psql: what others notify', async () => {
  const ran = await sides.both(
    script(String.raw`psql -X <<'SQL'
listen news;
notify news, 'something happened';
select 1;
unlisten *;
SQL`),
  );
  expect(ran.direct.stdout).toContain('something happened');
  expectSameResults(ran, masked);
  expectSameRecord(ran);
}, 240_000);

/** Runs psql until the database sleeps for it, and presses Ctrl-C. */
function interrupted(input: string): Program {
  return async (env, cwd, server) => {
    const psql = launch('psql', ['-X', '-At'], { env, cwd, keepInput: true });
    psql.child.stdin?.write(input);
    await until(async () => (await server.sql("select 1 from pg_stat_activity where wait_event = 'PgSleep'")) === '1', {
      what: 'the statement that is stopped',
      deadlineMs: 60_000,
    });
    psql.child.kill('SIGINT');
    psql.child.stdin?.end("select 'after';\n");
    const exit = await psql.exited;
    return { ...exit, stdout: psql.stdout(), stdoutBytes: psql.stdoutBytes(), stderr: psql.stderr() };
  };
}

test('psql: Ctrl-C stops the statement at hand and nothing else', async () => {
  const ran = await sides.both(interrupted("select 'before';\nselect pg_sleep(600);\n"));
  expect(ran.direct.stderr).toContain('canceling statement due to user request');
  expectSameResults(ran);
  expectSameRecord(ran);
  const cancels = ran.recorded[0]?.records.filter(({ via }) => via === 'cancel');
  expect(cancels).toHaveLength(1);
}, 240_000);

test(String.raw`psql: \watch, which an error ends`, async () => {
  const ran = await sides.both(
    script(String.raw`psql -X -At <<'SQL'
create sequence s;
select 'seen', 4 / (4 - nextval('s')) \watch 0.05
select 'after';
SQL`),
  );
  expect(ran.direct.stdout).toContain('after');
  expectSameResults(ran, (text) => text.replace(/^.*every 0.*$/gm, 'at some time'));
  expectSameRecord(ran);
  expect(ran.logged[0]?.errors).toEqual(['22012']);
}, 240_000);

test('pg_dump and pg_restore', async () => {
  const ran = await sides.both(
    script(String.raw`psql -Xq <<'SQL'
create schema other;
create table other.t (id serial primary key, at timestamptz default '2026-01-01', name text, raw bytea);
insert into other.t (name, raw) select 'näme ' || i, decode(md5(i::text), 'hex') from generate_series(1, 5000) i;
create index on other.t (name);
create view v as select id, name from other.t;
create function f(int) returns int language sql as 'select $1 + 1';
SQL
pg_dump -Fc -f work.dump
pg_dump --inserts --rows-per-insert=100 -t other.t > inserts.sql
pg_dump --schema-only
psql -Xq -c 'drop schema other cascade' -c 'drop function f'
pg_restore -d "$PGDATABASE" --exit-on-error work.dump
psql -Xq -c 'drop schema other cascade' -c 'create schema other' -f inserts.sql
psql -XAtq -c 'select count(*), sum(length(name)), md5(string_agg(raw::text, chr(44) order by id)) from other.t'`),
  );
  expect(ran.direct.code).toBe(0);
  expectSameResults(ran, (text) => text.replace(/^\\(un)?restrict .*$/gm, ''));
  expectSameRecord(ran);
}, 240_000);

test('pgbench: simple, extended, prepared, in pipelines, and several connections side by side', async () => {
  const ran = await sides.both(
    script(String.raw`pgbench -i -q -s 1 2> /dev/null
cat > pipeline.sql <<'SQL'
\set aid random(1, 100000)
\startpipeline
begin;
update pgbench_accounts set abalance = abalance + 1 where aid = :aid;
select abalance from pgbench_accounts where aid = :aid;
select :aid + 1;
end;
\endpipeline
SQL
run() { pgbench -n --random-seed=42 "$@" | grep -v -e latency -e tps -e 'initial connection'; }
run -t 20 -M simple
run -t 20 -M extended
run -t 20 -M prepared
run -t 20 -c 4 -M prepared -f pipeline.sql
psql -XAtq -c 'select sum(abalance), count(distinct abalance) from pgbench_accounts'`),
  );
  expect(ran.direct.code).toBe(0);
  expectSameResults(ran);
  expectSameRecord(ran);
  expect(ran.logged.length).toBeGreaterThan(8);
  expect(rowsOf(ran)).toBeGreaterThan(100_000 + 20 * (3 * 5 + 4 * 3));
}, 240_000);
