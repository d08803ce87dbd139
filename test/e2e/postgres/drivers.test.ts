import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cutEverything } from '../../kit/cutting-relay.ts';
import { type Finished, finished } from '../product.ts';
import { expectSameRecord, launchSides, type Program, type Ran, type Sides } from './sides.ts';

// Drivers of applications: the same results as directly, and the record is what the database's own log says.

let sides: Sides;

beforeAll(async () => {
  sides = await launchSides();
}, 240_000);

afterAll(async () => {
  await sides.stop();
});

/** Less work before the program itself runs. */
const quickStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
/** Six bytes so often are a text of 20 MB; in small pieces that takes long. */
const long = cutEverything === undefined ? 3_500_000 : 100_000;
const programs = join(import.meta.dirname, 'programs');

function run(command: string, ...args: readonly string[]): Program {
  return (env, cwd, server) =>
    finished(command, args, {
      cwd,
      env: { ...env, WATCH: server.socket, WATCH_PORT: String(server.port), LONG: String(long) },
    });
}

function expectSame(ran: Ran, errors: readonly string[]): void {
  const seen = ({ code, stdout, stderr }: Finished): unknown => ({ code, stdout, stderr });
  expect(seen(ran.direct)).toMatchObject({ code: 0, stderr: '' });
  expect(seen(ran.proxied)).toEqual(seen(ran.direct));
  expectSameRecord(ran);
  expect(ran.logged.flatMap((each) => each.errors)).toEqual(errors);
}

test('JDBC: batches, cursors, savepoints, COPY, 10,000 parameters, 20 MB of text, cancel', async () => {
  const ran = await sides.both(
    run('java', ...quickStart, '-cp', '/usr/share/java/postgresql.jar', join(programs, 'Batches.java')),
  );
  expectSame(ran, ['23505', '42601', '22012', '42P01', '22P02', '57014']);
  expect(ran.recorded[0]?.records.filter(({ fetch }) => fetch === true).length).toBeGreaterThan(20);
  expect(ran.recorded[0]?.records.filter(({ via }) => via === 'cancel')).toHaveLength(1);
}, 240_000);

test('npm pg', async () => {
  expectSame(await sides.both(run(process.execPath, join(programs, 'npm-pg.mjs'))), [
    '22012',
    '22P02',
    '42601',
    '23505',
  ]);
}, 240_000);

test('npm postgres, with pipelines', async () => {
  const errors = Array.from({ length: 4 }, () => ['22012', '42P01']).flat();
  expectSame(await sides.both(run(process.execPath, join(programs, 'npm-postgres.mjs'))), [...errors, '23505']);
}, 240_000);

test('psycopg2', async () => {
  const ran = await sides.both(run('/usr/bin/python3', join(programs, 'with-psycopg2.py')));
  expectSame(ran, ['42601', '22012', '23505']);
}, 240_000);

test('libpq in pipelines, and COPY by the extended protocol', async () => {
  const ran = await sides.both(run('/usr/bin/python3', join(programs, 'pipeline.py')));
  expectSame(ran, ['22012', '42601', '26000', '22P02', '26000', '22P02', '57014']);
  const skipped = ran.recorded[0]?.runs.filter(({ outcome }) => outcome === 'skipped');
  expect(skipped?.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(3);
}, 240_000);
