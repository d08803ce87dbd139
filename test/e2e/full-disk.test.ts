import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { launchPostgresServer, type PostgresServer } from '../kit/postgres-server.ts';
import { startProcess } from '../kit/process.ts';
import { makeTempDir } from '../kit/temp-dir.ts';
import { until } from '../kit/until.ts';
import { postgresResources } from './postgres/database.ts';
import { launchProduct, type Product, ssh, sshCommand, sshdResources, type Token } from './product.ts';

const folder = makeTempDir();
const disk = join(folder.path, 'disk');
let product: Product;
let sshd: Sshd;
let server: PostgresServer;
let token: Token;
const closers: (() => Promise<void> | void)[] = [() => folder.remove()];

beforeAll(async () => {
  mkdirSync(disk);
  // A disk of its own, small enough to fill: needs root, as CI has it.
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', disk]);
  closers.push(() => void execFileSync('umount', [disk]));
  sshd = await launchSshd();
  closers.push(() => sshd.stop());
  server = await launchPostgresServer();
  closers.push(() => server.stop());
  product = await launchProduct({ dataFolder: join(disk, 'data') });
  closers.push(() => product.stop());
  await product.cli(['apply', '-f', '-'], { input: sshdResources(sshd) });
  await product.cli(['apply', '-f', '-'], { input: postgresResources(server) });
  token = await product.json<Token>(['token', 'create']);
}, 120_000);

afterAll(async () => {
  // Whatever failed before, the mount goes.
  for (const close of closers.reverse()) await close();
});

function fill(): void {
  const file = openSync(join(disk, 'filler'), 'w');
  const block = Buffer.alloc(64 * 1024);
  try {
    for (let size = block.length; size > 0; ) {
      try {
        writeSync(file, block, 0, size);
      } catch {
        size = Math.floor(size / 2);
      }
    }
  } finally {
    closeSync(file);
  }
}

function ready(): Promise<{ readonly status: number; readonly body: string }> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port: product.diagnosticsPort, path: '/readyz' }, (response) => {
      let body = '';
      response.on('data', (part: Buffer) => (body += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    }).on('error', reject);
  });
}

it('opens nothing while the disk is full, ends what is open, loses nothing, and heals alone', {
  timeout: 180_000,
}, async () => {
  const { command, env } = sshCommand(product, 'admin~box', token.secret);
  const idle = startProcess('sshpass', [...command, 'echo up; cat'], { env, keepInput: true });
  await idle.line(/^up$/);
  expect((await ready()).status).toBe(200);

  fill();
  const filledAt = Date.now();
  await idle.exited;
  expect(Date.now() - filledAt, 'open sessions end within 10 s').toBeLessThan(10_000);
  expect(idle.stderr()).toMatch(/cannot be (written|recorded)/);
  expect(await ready()).toMatchObject({ status: 503, body: expect.stringContaining('disk') as string });
  const refused = startProcess('sshpass', [...command, 'true'], { env });
  const { code } = await refused.exited;
  expect(code).not.toBe(0);
  const again = await product.cli(['token', 'create'], { code: null });
  expect(again.code).toBe(1);
  expect(again.stderr).toMatch(/log|disk/);

  rmSync(join(disk, 'filler'));
  await until(async () => (await ready()).status === 200, { what: 'the process to heal', deadlineMs: 30_000 });
  const run = await ssh(product, 'admin~box', token.secret, ['echo', 'healed']);
  expect(run.stdout).toBe('healed\n');
  expect((await product.cli(['audit', 'verify'])).stdout).toMatch(/^ok:/);
});

async function atDatabase(): Promise<pg.Client> {
  const ca = readFileSync(join(product.dataFolder, 'ca.pem'), 'utf8');
  const where = { host: 'localhost', port: product.postgresPort, database: 'postgres', ssl: { ca } };
  const client = new pg.Client({ ...where, user: 'admin~app', password: token.secret });
  // Told to whoever asks next.
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end().catch(() => undefined));
  return client;
}

it('a database does nothing that is not on the record while the disk is full', { timeout: 180_000 }, async () => {
  await server.sql('create table seen (n int)');
  let asked = 0;
  // The recording needs more of the disk for each of them, at once.
  const text = `insert into seen values ($1) -- ${randomBytes(20_000).toString('hex')}`;
  const insert = async (client: pg.Client): Promise<never> => {
    for (;;) {
      await client.query(text, [asked]);
      asked += 1;
    }
  };
  const clients = await Promise.all([atDatabase(), atDatabase()]);
  const ends = clients.map((client) => insert(client).catch((error: unknown) => error));
  await until(() => asked > 20, { what: 'a few rows' });
  fill();
  for (const end of ends) {
    expect(await end).toMatchObject({
      code: '57P01',
      message: expect.stringMatching(/cannot be (written|recorded)/) as string,
    });
  }
  await expect(atDatabase()).rejects.toThrow();
  rmSync(join(disk, 'filler'));
  await until(async () => (await ready()).status === 200, { what: 'the process to heal' });
  const sessions = await product.json<readonly { id: string; target: string }[]>(['sessions', 'list']);
  let recorded = 0;
  for (const { id } of sessions.filter(({ target }) => target === 'app')) {
    const { stdout } = await product.cli(['recordings', 'export', id, '--as', 'jsonl'], { code: null });
    recorded += stdout.split('"via":"execute"').length - 1;
  }
  const rows = Number(await server.sql('select count(*) from seen'));
  expect(rows).toBeGreaterThanOrEqual(asked);
  expect(recorded).toBeGreaterThanOrEqual(rows);
  expect((await product.cli(['audit', 'verify'])).stdout).toMatch(/^ok:/);
});
