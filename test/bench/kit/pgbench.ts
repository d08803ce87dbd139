import { launch } from '../../kit/process.ts';
import { cpuSeconds } from './cpu.ts';

/** A way to the database: the environment of libpq, and the process that stands between. */
export interface PgRoad {
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
}

export interface PgbenchRun {
  readonly transactions: number;
  readonly perSecond: number;
  /** Processor time of the process between, in seconds for 10,000 transactions. */
  readonly cpu: { readonly user: number; readonly system: number };
}

export interface PgbenchWish {
  readonly seconds: number;
  readonly protocol: 'simple' | 'prepared';
  /** A connection for each transaction (`pgbench -C`). */
  readonly connects?: boolean;
}

const clients = 8;
export const scale = 10;

/** pgbench's select-only script by 8 clients. An error unless every transaction succeeded. */
export async function pgbench({ env, pid }: PgRoad, { seconds, protocol, connects }: PgbenchWish): Promise<PgbenchRun> {
  const each = connects === true ? ['-C'] : [];
  const before = cpuSeconds(pid);
  const run = launch(
    'pgbench',
    ['-n', '-S', '-s', String(scale), '-M', protocol, '-c', String(clients), '-T', String(seconds), ...each],
    { env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', ...env } },
  );
  const { code } = await run.exited;
  const after = cpuSeconds(pid);
  const text = run.stdout();
  const transactions = Number(/^number of transactions actually processed: (\d+)/m.exec(text)?.[1]);
  const failed = Number(/^number of failed transactions: (\d+)/m.exec(text)?.[1]);
  const perSecond = Number(/^tps = ([\d.]+)/m.exec(text)?.[1]);
  if (code !== 0 || failed !== 0 || !(transactions > 0) || !(perSecond > 0)) {
    throw new Error(`pgbench ended with ${String(code)}\n${text}\n${run.stderr()}`);
  }
  const share = (part: 'user' | 'system'): number => ((after[part] - before[part]) * 10_000) / transactions;
  return { transactions, perSecond, cpu: { user: share('user'), system: share('system') } };
}
