// npm postgres: pipelines of queries, cursors, transactions, COPY by streams, errors in the midst.
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import postgres from 'postgres';

const { PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLROOTCERT } = process.env;
const sql = postgres({
  host: 'localhost',
  port: Number(PGPORT),
  user: PGUSER,
  password: PGPASSWORD,
  database: PGDATABASE,
  ssl: { ca: readFileSync(PGSSLROOTCERT, 'utf8') },
  max: 1,
  fetch_types: false,
  onnotice: () => {},
});
const print = (value) => console.log(JSON.stringify(value));
const told = (promise) =>
  promise.then(
    (rows) => rows,
    ({ code, message }) => ({ code, message }),
  );
await sql`create table t (id int primary key, name text)`;
print(
  await sql`insert into t ${sql([
    { id: 1, name: 'one' },
    { id: 2, name: "t'wo" },
  ])} returning *`,
);
// All at once: one pipeline, in which some fail.
const asked = Array.from({ length: 200 }, (_, id) => {
  if (id % 50 === 7) return told(sql`select 1 / ${id - id}::int as n`);
  if (id % 50 === 8) return told(sql`select nothing from nowhere where id = ${id}`);
  return told(sql`select ${id}::int as id, ${`text ${id}`}::text as text`);
});
print(await Promise.all(asked));
const sums = [];
await sql`select generate_series(1, 1000) as n`.cursor(100, (rows) => void sums.push(rows.length));
print(sums);
print(
  await told(
    sql.begin(async (tx) => {
      await tx`insert into t values (3, 'three')`;
      await tx.savepoint((inner) => inner`insert into t values (3, 'again')`).catch(({ code }) => print(code));
      return await tx`select count(*)::int as n from t`;
    }),
  ),
);
await pipeline(Readable.from(['10\tten\n', '11\televen\n']), await sql`copy t from stdin`.writable());
let copied = '';
for await (const chunk of await sql`copy (select * from t order by id) to stdout`.readable()) copied += chunk;
print(copied);
print(await sql.unsafe('select 1 as a; select 2 as b'));
print(await told(sql`select ${'ä'.repeat(1_000_000)}::text as long`.then(([row]) => row.long.length)));
await sql.end();
