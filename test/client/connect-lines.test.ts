import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { connectLines } from '../../src/client/connect-lines.ts';
import { shellWord } from '../../src/client/shell-word.ts';
import { runProcess } from '../kit/process.ts';

const lines = (...wish: Parameters<typeof connectLines>): Readonly<Record<string, string>> =>
  Object.fromEntries(connectLines(...wish).map(({ client, line }) => [client, line]));

test('each client of a protocol has its line', () => {
  expect(
    lines(
      { protocol: 'ssh', login: 'alice~web1', account: 'app user' },
      { host: 'gate.example.org', port: 22 },
      undefined,
    ),
  ).toEqual({
    ssh: 'ssh -p 22 alice~web1@gate.example.org',
    files: 'sftp -P 22 alice~web1@gate.example.org',
  });
  expect(
    lines(
      { protocol: 'postgres', login: 'alice~shop', account: 'app user' },
      { host: 'gate.example.org', port: 5433 },
      '/home/a/ca.pem',
    ),
  ).toEqual({
    psql: `psql "host=gate.example.org port=5433 user=alice~shop dbname='app user' sslmode=verify-full sslrootcert=/home/a/ca.pem"`,
    drivers: 'postgresql://alice~shop@gate.example.org:5433/app%20user?sslmode=verify-full&sslrootcert=/home/a/ca.pem',
    'DBeaver, JDBC':
      'jdbc:postgresql://gate.example.org:5433/app%20user?user=alice~shop&sslmode=verify-full&sslrootcert=/home/a/ca.pem',
  });
  expect(
    lines({ protocol: 'rdp', login: 'alice~desk', account: 'app user' }, { host: 'x', port: 1 }, undefined),
  ).toEqual({});
});

test('without a file the CAs of the system are trusted', () => {
  const {
    psql,
    drivers,
    'DBeaver, JDBC': jdbc,
  } = lines({ protocol: 'postgres', login: 'a~b', account: 'app user' }, { host: 'x', port: 1 }, undefined);
  expect([psql, drivers]).toEqual([expect.stringContaining('=system'), expect.stringContaining('=system')]);
  expect(jdbc).toContain('sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory');
});

test('an address and a mail address as name stand in a URI as they must', () => {
  const { drivers } = lines(
    { protocol: 'postgres', login: 'a@b.example~db', account: 'app user' },
    { host: '::1', port: 5433 },
    undefined,
  );
  expect(drivers).toMatch(/^postgresql:\/\/a%40b\.example~db@\[::1\]:5433\//);
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
  const { psql = '', drivers = '' } = lines(
    { protocol: 'postgres', login: `it's~db`, account: 'app user' },
    { host: '127.0.0.1', port },
    path,
  );
  for (const line of [psql, `psql ${shellWord(drivers)}`]) {
    const run = await runProcess('/bin/sh', ['-c', line]);
    expect(run.stderr, line).toContain(`root certificate file "${path}" does not exist`);
  }
});

test('a word is one word for a shell, whatever stands in it', async () => {
  for (const word of [`/a b/it's $HOME/"x"\\`, '~root', 'plain~word']) {
    expect((await runProcess('/bin/sh', ['-c', `printf %s ${shellWord(word)}`])).stdout).toBe(word);
  }
});
