import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { connectWays } from '../../../src/wire/connect-lines/connect-ways.ts';
import { anyShellWord, shellWord } from '../../../src/wire/connect-lines/shell-word.ts';
import { runProcess } from '../../kit/process.ts';

const lines = (...wish: Parameters<typeof connectWays>): Readonly<Record<string, string>> =>
  Object.fromEntries(connectWays(...wish).map(({ client, text }) => [client, text]));

const ssh = { protocol: 'ssh', target: 'web 1', account: 'app user', login: 'alice~app user~web 1' };
const postgres = { protocol: 'postgres', target: 'shop', account: 'app user', login: 'alice~shop' };
const gate = { host: 'gate.example.org', port: 22 };

test('each client of SSH has its way', () => {
  expect(lines({ ...ssh, account: 'root', login: 'alice~root~web1', target: 'web1' }, gate, undefined)).toEqual({
    ssh: 'ssh -p 22 alice~root~web1@gate.example.org',
    scp: 'scp -P 22 FILE alice~root~web1@gate.example.org:',
    sftp: 'sftp -P 22 alice~root~web1@gate.example.org',
    'ssh-config': 'Host web1-root\n  HostName gate.example.org\n  Port 22\n  User alice~root~web1\n',
    putty: 'putty.exe -ssh -P 22 -l alice~root~web1 gate.example.org',
    plink: 'plink -ssh -P 22 -l alice~root~web1 gate.example.org',
  });
  expect(lines(ssh, { host: '::1', port: 22 }, undefined)).toMatchObject({
    scp: "scp -P 22 FILE 'alice~app user~web 1@[::1]:'",
    'ssh-config': 'Host web-1-app-user\n  HostName ::1\n  Port 22\n  User "alice~app user~web 1"\n',
    putty: 'putty.exe -ssh -P 22 -l "alice~app user~web 1" ::1',
  });
});

test('each client of PostgreSQL has its way; a protocol without a door has none', () => {
  const ways = connectWays(postgres, { host: 'gate.example.org', port: 5433 }, '/home/a/ca.pem');
  expect(Object.fromEntries(ways.map(({ client, text }) => [client, text]))).toEqual({
    psql: `psql "host=gate.example.org port=5433 user=alice~shop dbname='app user' sslmode=verify-full sslrootcert=/home/a/ca.pem"`,
    uri: 'postgresql://alice~shop@gate.example.org:5433/app%20user?sslmode=verify-full&sslrootcert=/home/a/ca.pem',
    'pg-service':
      '[shop-app-user]\nhost=gate.example.org\nport=5433\nuser=alice~shop\ndbname=app user\nsslmode=verify-full\nsslrootcert=/home/a/ca.pem\n',
    jdbc: 'jdbc:postgresql://gate.example.org:5433/app%20user?user=alice~shop&sslmode=verify-full&sslrootcert=/home/a/ca.pem',
    dbeaver:
      'dbeaver -con "name=shop (app user)|driver=postgresql|host=gate.example.org|port=5433|database=app user|user=alice~shop|prop.sslmode=verify-full|prop.sslrootcert=/home/a/ca.pem|connect=true"',
  });
  expect(ways.find(({ kind }) => kind === 'file')?.fileName).toBe('~/.pg_service.conf');
  expect(lines({ ...postgres, protocol: 'rdp' }, gate, undefined)).toEqual({});
});

test('without a file the CAs of the system are trusted', () => {
  const { psql, uri, jdbc, dbeaver } = lines(postgres, gate, undefined);
  expect([psql, uri]).toEqual([expect.stringContaining('=system'), expect.stringContaining('=system')]);
  for (const java of [jdbc, dbeaver]) expect(java).toContain('sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory');
});

test('what a form can not hold has no way in that form, or one that says it as it must', () => {
  const { uri } = lines({ ...postgres, login: 'a@b.example~db' }, { host: '::1', port: 5433 }, undefined);
  expect(uri).toMatch(/^postgresql:\/\/a%40b\.example~db@\[::1\]:5433\//);
  expect(Object.keys(lines({ ...postgres, account: 'a|b' }, gate, undefined))).not.toContain('dbeaver');
});

test('psql and the shell read a path with all they could trip over as it is', async () => {
  const path = `/no such/it's "$HOME" a\\b%`;
  // libpq looks for the file once a server takes TLS.
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('S');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { psql = '', uri = '' } = lines({ ...postgres, login: `it's~db` }, { host: '127.0.0.1', port }, path);
  for (const line of [psql, `psql ${shellWord(uri)}`]) {
    const run = await runProcess('/bin/sh', ['-c', line]);
    expect(run.stderr, line).toContain(`root certificate file "${path}" does not exist`);
  }
});

test('a word is one word for a shell, whatever stands in it', async () => {
  for (const word of [`/a b/it's $HOME/"x"\\`, '~root', 'plain~word', String.raw`DOMAIN\user name`, '-x', 'a`b$c!']) {
    for (const written of [shellWord(word), anyShellWord(word)]) {
      expect((await runProcess('/bin/sh', ['-c', `printf %s ${written}`])).stdout).toBe(word);
    }
  }
});
