import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startPostgresServer } from './postgres-server.ts';
import { runProcess } from './process.ts';
import { tempDir } from './temp-dir.ts';
import { until } from './until.ts';

test('a login by SCRAM inside verified TLS runs a statement, which is in the JSON log; nothing is left after the stop', async () => {
  const server = await startPostgresServer({ jsonlog: true });
  const dir = tempDir();
  writeFileSync(join(dir, 'ca.pem'), server.ca.pem);
  const psql = async (password: string, sslmode: string) => {
    const place = `host=127.0.0.1 port=${String(server.port)} user=${server.username} dbname=postgres`;
    const tls = `sslmode=${sslmode} sslrootcert=${join(dir, 'ca.pem')}`;
    const text = 'select ssl from pg_stat_ssl where pid = pg_backend_pid() -- mark';
    return await runProcess('psql', ['-XAtq', `${place} ${tls}`, '-c', text], {
      env: { PATH: process.env.PATH, HOME: dir, PGPASSWORD: password },
    });
  };
  expect(await psql(server.password, 'verify-full')).toMatchObject({ code: 0, stdout: 't\n' });
  await until(() => server.jsonLog().some(({ message }) => String(message).includes('-- mark')), {
    what: 'the statement in the log',
    deadlineMs: 30_000,
  });
  expect(await server.sql('select 1 + 1')).toBe('2');
  expect((await psql('wrong', 'verify-full')).stderr).toContain('password authentication failed');
  expect((await psql(server.password, 'disable')).stderr).toContain('no encryption');

  await server.stop();
  expect(existsSync(server.socket)).toBe(false);
  expect(existsSync(`/proc/${String(server.pid)}`)).toBe(false);
});
