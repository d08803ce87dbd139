// npm pg: simple and extended queries, names, rows in pieces, errors, notifications.
import { readFileSync } from 'node:fs';
import pg from 'pg';

const { PGPORT, PGUSER, PGPASSWORD, PGDATABASE, PGSSLROOTCERT } = process.env;
const client = new pg.Client({
  host: 'localhost',
  port: Number(PGPORT),
  user: PGUSER,
  password: PGPASSWORD,
  database: PGDATABASE,
  ssl: { ca: readFileSync(PGSSLROOTCERT, 'utf8') },
});
const print = (value) => console.log(JSON.stringify(value));
const fails = async (promise) =>
  print(
    await promise.then(
      () => null,
      ({ code, message }) => ({ code, message }),
    ),
  );
client.on('notification', ({ channel, payload }) => print({ channel, payload }));
await client.connect();
await client.query('create table t (id int primary key, name text, doc jsonb)');
for (let id = 1; id <= 50; id += 1) {
  const values = [id, id % 5 === 0 ? null : `it's "${id}" \\ ä`, `{"id": ${id}}`];
  await client.query('insert into t values ($1, $2, $3)', values);
}
print((await client.query('select id, name from t where id < 4; select 2 as two')).map(({ rows }) => rows));
for (const id of [3, 4, 5])
  print((await client.query({ name: 'by id', text: 'select * from t where id = $1', values: [id] })).rows);
await fails(client.query('select 1/$1::int', [0]));
await fails(client.query('select $1::int', ['no number']));
await fails(client.query('selekt'));
await fails(client.query('insert into t (id) values ($1)', [1]));
print((await client.query({ name: 'by id', text: 'select * from t where id = $1', values: [6] })).rows);
await client.query('listen news');
await client.query('notify news, $$hello$$');
const many = Array.from({ length: 10_000 }, (_, index) => index);
print(
  (await client.query(`select sum(n) from unnest(array[${many.map((each) => `$${each + 1}::int`)}]) n`, many)).rows,
);
await client.end();
