import { once } from 'node:events';
import { connect as connectPlain, type Socket } from 'node:net';
import { connect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { Route } from '../../../src/application/ports/http-route.ts';
import { ensureAuthority } from '../../../src/adapters/certificates/authority.ts';
import { issueServerCertificate, namesOf } from '../../../src/adapters/certificates/server-certificate.ts';
import { startDiagnostics } from '../../../src/adapters/http/diagnostics.ts';
import { freePort } from '../../kit/ports.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';
import { startTestWeb, type TestWeb } from './web-kit.ts';

async function start(...routes: readonly Route[]): Promise<TestWeb> {
  const web = await startTestWeb({ routes });
  onTestFinished(async () => web.close());
  return web;
}

const ping: Route = { method: 'GET', path: '/ping', access: 'public', handler: async () => new Response('pong') };

test('TLS 1.2 and later, nothing older', async () => {
  const web = await start(ping);
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = connect({
      port: web.server.port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: web.ca,
      minVersion: version,
      maxVersion: version,
    });
    await once(socket, 'secureConnect');
    expect(socket.getProtocol()).toBe(version);
    socket.destroy();
  }
  const old = connect({
    port: web.server.port,
    host: '127.0.0.1',
    ca: web.ca,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  await expect(once(old, 'secureConnect')).rejects.toThrow();
});

test('a stream is pulled only as fast as the client reads, and told to stop when it goes', async () => {
  let given = 0;
  let cancelled = false;
  const endless: Route = {
    method: 'GET',
    path: '/endless',
    access: 'public',
    handler: async () =>
      new Response(
        new ReadableStream<Uint8Array>({
          pull: (controller) => {
            given += 65_536;
            controller.enqueue(new Uint8Array(65_536));
          },
          cancel: () => {
            cancelled = true;
          },
        }),
      ),
  };
  const web = await start(endless);
  const response = await web.open('/endless');
  response.pause();
  let before = -1;
  let since = performance.now();
  await until(
    () => {
      if (given !== before) since = performance.now();
      before = given;
      return given > 0 && performance.now() - since > 300;
    },
    { deadlineMs: 30_000, what: 'the stream to stall' },
  );
  expect(given).toBeLessThan(32 * 1024 * 1024);
  response.destroy();
  await until(() => cancelled, { deadlineMs: 30_000, what: 'the source to be cancelled' });
});

test('a stream that fails cuts the connection, so that nobody takes it for whole', async () => {
  const broken: Route = {
    method: 'GET',
    path: '/broken',
    access: 'public',
    handler: async () => {
      let first = true;
      return new Response(
        new ReadableStream<Uint8Array>({
          pull: (controller) => {
            if (first) controller.enqueue(Buffer.from('half'));
            else controller.error(new Error('disk gone'));
            first = false;
          },
        }),
      );
    },
  };
  const web = await start(broken);
  await expect(web.ask('/broken')).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect((await web.ask('/nothing')).status).toBe(404);
});

test('the handler hears when the client has gone', async () => {
  const heard = Promise.withResolvers<boolean>();
  const begun = Promise.withResolvers<undefined>();
  const slow: Route = {
    method: 'GET',
    path: '/slow',
    access: 'public',
    handler: async (_request, { signal }) => {
      begun.resolve(undefined);
      await once(signal, 'abort');
      heard.resolve(signal.aborted);
      return new Response(null);
    },
  };
  const web = await start(slow);
  const socket = connect({ port: web.server.port, host: '127.0.0.1', servername: 'localhost', ca: web.ca });
  await once(socket, 'secureConnect');
  socket.write('GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await begun.promise;
  socket.destroy();
  expect(await heard.promise).toBe(true);
});

test('a handler that takes too long is told to stop, and what it answers later is let go', async () => {
  const told = Promise.withResolvers<boolean>();
  const cancelled = Promise.withResolvers<string>();
  const late: Route = {
    method: 'GET',
    path: '/late',
    access: 'public',
    handler: async (_request, { signal }) => {
      await once(signal, 'abort');
      told.resolve(true);
      return new Response(new ReadableStream({ cancel: () => cancelled.resolve('cancelled') }));
    },
  };
  const web = await startTestWeb({ routes: [late], deadlineMilliseconds: 200 });
  onTestFinished(async () => web.close());
  expect(await web.ask('/late')).toMatchObject({ status: 503, json: { errors: [{ code: 'deadline' }] } });
  expect(await told.promise).toBe(true);
  expect(await cancelled.promise).toBe('cancelled');
});

test('one login has at most 64 answers open', async () => {
  const hold = Promise.withResolvers<undefined>();
  const held: Route = {
    method: 'GET',
    path: '/held',
    access: 'viewer',
    handler: async () => {
      await hold.promise;
      return new Response('done');
    },
  };
  const web = await start(held);
  const open = Array.from({ length: 64 }, async () => web.ask('/held', { as: 'spl_user' }));
  await until(async () => (await Promise.race([web.ask('/held', { as: 'spl_user' }), hold.promise]))?.status === 429, {
    deadlineMs: 30_000,
    what: 'the 65th to be refused',
  });
  hold.resolve(undefined);
  expect((await Promise.all(open)).filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(63);
  await until(async () => (await web.ask('/held', { as: 'spl_user' })).status === 200, {
    deadlineMs: 30_000,
    what: 'room again',
  });
});

test('idle sockets make way: an honest client gets in within 3 s', async () => {
  const web = await startTestWeb({
    routes: [ping],
    connectionLimits: { unproven: 40, unprovenPerSource: 16, total: 200 },
  });
  onTestFinished(async () => web.close());
  const idle: Socket[] = [];
  for (let n = 0; n < 120; n += 1) {
    const socket = connectPlain({ port: web.server.port, host: '127.0.0.1', localAddress: `127.0.${1 + (n % 6)}.1` });
    socket.on('error', () => {});
    idle.push(socket);
  }
  onTestFinished(() => idle.forEach((socket) => socket.destroy()));
  await until(() => idle.filter((socket) => socket.readyState === 'open').length <= 40, {
    deadlineMs: 30_000,
    what: 'idle sockets to be closed',
  });
  const begun = performance.now();
  expect((await web.ask('/ping')).body).toBe('pong');
  expect(performance.now() - begun).toBeLessThan(15_000);
});

test('a socket that asked once without a login makes way too; one with a login stays', async () => {
  const mine: Route = { method: 'GET', path: '/mine', access: 'viewer', handler: async () => new Response('mine') };
  const web = await startTestWeb({
    routes: [ping, mine],
    connectionLimits: { unproven: 40, unprovenPerSource: 16, total: 200 },
  });
  onTestFinished(async () => web.close());
  const keepOpen = async (path: string, bearer?: string): Promise<Socket> => {
    const socket = connect({ port: web.server.port, host: '127.0.0.1', servername: 'localhost', ca: web.ca });
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
    const authorization = bearer === undefined ? '' : `Authorization: Bearer ${bearer}\r\n`;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${authorization}\r\n`);
    await once(socket, 'data');
    return socket;
  };
  const known = [await keepOpen('/mine', 'spl_user'), await keepOpen('/mine', 'spl_user')];
  const strangers: Socket[] = [];
  for (let n = 0; n < 10; n += 1) strangers.push(await keepOpen('/ping'));
  for (let n = 0; n < 10; n += 1) strangers.push(await keepOpen('/mine', 'spl_wrong'));
  await until(() => strangers.filter((socket) => socket.readyState === 'open').length === 16, {
    what: 'the oldest strangers to be closed',
  });
  expect(strangers.slice(0, 4).every((socket) => socket.readyState !== 'open')).toBe(true);
  expect(known.every((socket) => socket.readyState === 'open')).toBe(true);
  expect((await web.ask('/ping')).body).toBe('pong');
});

test('a renewed certificate is what new connections get; a broken one changes nothing', async () => {
  const web = await start(ping);
  const folder = makeTempDir();
  const sealedKey = { load: async () => null, store: async () => {} };
  const other = await ensureAuthority({ sealedKey, folder: folder.path, now: new Date() });
  folder.remove();
  expect(() => web.server.renew({ key: 'no key', cert: 'no certificate' })).toThrow();
  expect((await web.ask('/ping')).status).toBe(200);
  web.server.renew(await issueServerCertificate(other, namesOf('box', []), new Date()));
  await expect(web.ask('/ping')).rejects.toThrow('certificate');
});

test('diagnostics: alive, ready with reasons, metrics; nothing else', async () => {
  let reasons: readonly string[] = ['the log cannot be written: disk full'];
  const port = await freePort();
  const diagnostics = await startDiagnostics({
    listen: { host: '127.0.0.1', port },
    notReady: () => reasons,
    metrics: () => [
      { name: 'sallyport_sessions_live', help: 'Live sessions.', type: 'gauge', value: 3, labels: { protocol: 'ssh' } },
      {
        name: 'sallyport_logins_refused_total',
        help: 'Refused logins.',
        type: 'counter',
        value: 7,
        labels: { door: 'a"b\\c' },
      },
    ],
  });
  onTestFinished(async () => diagnostics.close());
  const get = async (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
  expect(await (await get('/healthz')).text()).toBe('ok\n');
  const notReady = await get('/readyz');
  expect([notReady.status, await notReady.json()]).toEqual([503, { ready: false, reasons }]);
  reasons = [];
  expect((await get('/readyz')).status).toBe(200);
  const metrics = await (await get('/metrics')).text();
  expect(metrics).toContain('# TYPE sallyport_sessions_live gauge\nsallyport_sessions_live{protocol="ssh"} 3\n');
  expect(metrics).toContain('sallyport_logins_refused_total{door="a\\"b\\\\c"} 7\n');
  expect(metrics).toMatch(/process_resident_memory_bytes [0-9]+\n/);
  expect((await get('/debug')).status).toBe(404);
});
