import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { libpq, postgresResources } from '../../e2e/postgres/database.ts';
import { launchProduct, type Product, type Token } from '../../e2e/product.ts';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { launch } from '../../kit/process.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';
import { type PgRoad, type PgbenchRun, type PgbenchWish, pgbench, scale } from './pgbench.ts';
import { launchPgBouncer, type PgBouncer } from './pgbouncer.ts';
import { recordedStatements } from './recorded-statements.ts';
import { median } from './compare.ts';

const roadNames = ['ours', 'strict', 'plain', 'tls'] as const;
export type RoadName = (typeof roadNames)[number];

/**
 * Roads to one and the same database: through the product with `recording: required` (`ours`) and with `recording: strict`, and
 * through PgBouncer in session mode without TLS (`plain`) and with TLS on both legs (`tls`).
 */
export interface PgRoads {
  /** Transactions a second of one run of pgbench. Prints figure and processor time. */
  run(name: RoadName, wish: PgbenchWish): Promise<number>;
  /** Medians of processor time for 10,000 transactions, in seconds, of the roads that were taken. */
  cpu(): Readonly<Record<string, number>>;
}

/** Runs a bench on all roads; then checks that the recordings hold a statement for each transaction, and closes. */
export async function onPgRoads(work: (roads: PgRoads) => Promise<unknown>): Promise<void> {
  const data = makeTempDir();
  const [product, server] = await Promise.all([
    launchProduct({ cut: null, dataFolder: join(data.path, 'data') }),
    launchPostgresServer({ hba: ['host all all 127.0.0.1/32 scram-sha-256'] }),
  ]);
  const [plain, tls] = await Promise.all([
    launchPgBouncer(server, { tls: false }),
    launchPgBouncer(server, { tls: true }),
  ]);
  try {
    const roads = await allRoads(product, server, { plain, tls });
    const runs: Record<RoadName, PgbenchRun[]> = { ours: [], strict: [], plain: [], tls: [] };
    await work({
      run: async (name, wish) => {
        const run = await pgbench(roads[name], wish);
        runs[name].push(run);
        const { user, system } = run.cpu;
        console.log(
          `${name}: ${run.perSecond.toFixed(0)}/s; ${user.toFixed(2)} s user and ${system.toFixed(2)} s system for 10,000`,
        );
        return run.perSecond;
      },
      cpu: () =>
        Object.fromEntries(
          roadNames
            .filter((name) => runs[name].length > 0)
            .map((name) => [
              `${name}Cpu`,
              Number(median(runs[name].map(({ cpu }) => cpu.user + cpu.system)).toFixed(2)),
            ]),
        ),
    });
    // Only then every recording is whole.
    await product.stop();
    const recorded = await recordedStatements(product.dataFolder, 'SELECT abalance FROM pgbench_accounts');
    const sent = [...runs.ours, ...runs.strict].reduce((sum, { transactions }) => sum + transactions, 0);
    console.log(`${String(recorded)} statements in the recordings, ${String(sent)} transactions`);
    if (recorded !== sent) throw new Error('the recordings do not hold a statement for each transaction');
  } finally {
    await Promise.allSettled([product.stop(), plain.stop(), tls.stop()]);
    await server.stop();
    data.remove();
  }
}

async function allRoads(
  product: Product,
  server: PostgresServer,
  bouncers: { readonly plain: PgBouncer; readonly tls: PgBouncer },
): Promise<Readonly<Record<RoadName, PgRoad>>> {
  const fill = launch('pgbench', ['-i', '-q', '-s', String(scale), '-h', server.socket, '-p', String(server.port)], {
    env: { PATH: process.env.PATH ?? '', PGUSER: server.username, PGDATABASE: 'postgres' },
  });
  if ((await fill.exited).code !== 0) throw new Error(`pgbench -i: ${fill.stderr()}`);
  const strict = postgresResources(server, 'strict').replace('recording: required', 'recording: strict');
  await product.cli(['apply', '-f', '-'], { input: `${postgresResources(server)}---${strict}` });
  const token = await product.json<Token>(['token', 'create']);
  const pid = Number(readFileSync(join(product.dataFolder, 'process.pid'), 'utf8'));
  const bouncer = ({ port, pid: its, caFile }: PgBouncer, sslmode: string): PgRoad => ({
    pid: its,
    env: {
      PGHOST: 'localhost',
      PGHOSTADDR: '127.0.0.1',
      PGPORT: String(port),
      PGUSER: server.username,
      PGPASSWORD: server.password,
      PGDATABASE: 'postgres',
      PGSSLMODE: sslmode,
      PGSSLROOTCERT: caFile,
    },
  });
  return {
    ours: { pid, env: libpq(product, 'admin~app', token.secret) },
    strict: { pid, env: libpq(product, 'admin~strict', token.secret) },
    plain: bouncer(bouncers.plain, 'disable'),
    tls: bouncer(bouncers.tls, 'verify-full'),
  };
}
