import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStatementParser } from '../../../src/adapters/postgres-parser/parser.ts';
import { judgeStatement, readOnlyStartup } from '../../../src/domain/policy/judge-statement.ts';
import { defaultPostgresChannels } from '../../../src/domain/policy/postgres-channels.ts';
import { isChanging, isOpaque } from '../../../src/domain/policy/statement-functions.ts';
import { launch } from '../../kit/process.ts';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { made, reads, refusedThoughAllowed, writes } from './corpus.ts';

/** PostgreSQL itself says what writes: SQLSTATE 25006, read_only_sql_transaction. */
const readOnlyTransaction = '25006';

const parser = await openStatementParser();
const mayRead = (sql: string) =>
  judgeStatement({ ...defaultPostgresChannels, readOnly: true }, parser.read(sql)).verdict === 'allowed';

let server: PostgresServer;
beforeAll(async () => {
  server = await launchPostgresServer();
  await server.sql(made);
}, 120_000);
afterAll(async () => {
  await server.stop();
});

/** Runs the texts one after the other on one connection, as the proxy starts it; the SQLSTATE of each. */
async function states(...texts: readonly string[]): Promise<readonly string[]> {
  const psql = launch(
    'psql',
    [
      ...['-XAtq', '-h', server.socket, '-p', String(server.port), '-U', server.username, '-d', 'postgres'],
      ...texts.flatMap((text) => ['-c', text, '-c', String.raw`\echo` + ' state=:SQLSTATE']),
    ],
    { env: { PATH: process.env.PATH, HOME: '/nonexistent', PGOPTIONS: `-c ${readOnlyStartup.join('=')}` } },
  );
  await psql.exited;
  const found = [...psql.stdout().matchAll(/^state=(\w{5})$/gm)].map(([, state = '']) => state);
  expect(found, psql.stderr()).toHaveLength(texts.length);
  return found;
}

test.each(reads)('what may pass is no write to PostgreSQL, and lifts nothing: %s', async (sql) => {
  expect(mayRead(sql)).toBe(true);
  const [state, , after] = await states(sql, 'rollback', 'insert into app.orders values (1)');
  expect(state).not.toBe(readOnlyTransaction);
  expect(after).toBe(readOnlyTransaction);
});

test('what PostgreSQL calls a write is denied', async () => {
  const refused: string[] = [];
  for (const sql of [...writes, ...refusedThoughAllowed]) {
    // COPY from the client would wait for rows.
    const [state] = await states(sql.replace('copy app.orders from stdin', 'insert into app.orders table app.orders'));
    if (state === readOnlyTransaction) refused.push(sql);
  }
  expect(refused.filter(mayRead)).toEqual([]);
  expect(refused.length, 'the corpus holds what PostgreSQL refuses').toBeGreaterThan(40);
}, 300_000);

test('each volatile function of PostgreSQL is known to write, to be opaque, or to do no harm', async () => {
  const rows = await server.sql(`select distinct proname from pg_proc where provolatile = 'v' and prokind in ('f', 'p')
    and pronamespace = 'pg_catalog'::regnamespace and not 'internal'::regtype = any (proargtypes)
    and prorettype::regtype::text not in ('trigger', 'language_handler', 'index_am_handler', 'table_am_handler')`);
  const unknown = rows.split('\n').filter((name) => !isChanging(name) && !isOpaque(name) && !harmless.test(name));
  expect(unknown).toEqual([]);
});

/** They read states of the server or of this session, wait, draw random numbers, or lock by a number of one's own. */
const harmless =
  /^(?:amvalidate|clock_timestamp|current_query|currtid2|currval|lastval|gen_random_uuid|random|setseed|timeofday|txid_status|lo_close|lo_tell|lo_tell64|set_config|pg_sleep|pg_sleep_for|pg_sleep_until|pg_(?:try_)?advisory_.*|pg_.*_size|pg_control_.*|pg_current_.*|pg_last_.*|pg_is_.*|pg_stat_get_.*|pg_stat_clear_snapshot|pg_stat_force_next_flush|pg_stat_have_stats|pg_xact_.*|pg_blocking_pids|pg_safe_snapshot_blocking_pids|pg_isolation_test_session_is_blocked|pg_(?:database_)?collation_actual_version|pg_get_(?:backend_memory_contexts|multixact_members|shmem_allocations)|pg_hba_file_rules|pg_ident_file_mappings|pg_jit_available|pg_lock_status|pg_notification_queue_usage|pg_partition_.*|pg_prepared_xact|pg_replication_origin_(?:progress|session_is_setup|session_progress)|pg_sequence_last_value|pg_show_.*)$/;
