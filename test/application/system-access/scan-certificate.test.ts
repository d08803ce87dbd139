import { createHash, X509Certificate } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';
import type { TargetScan } from '../../../src/application/ports/application-face.ts';
import { scanTarget } from '../../../src/application/system-access/scan-target.ts';
import { certificateScan } from '../../../src/proxies/postgres/certificate-scan.ts';
import { freePort } from '../../kit/ports.ts';
import { launchPostgresServer, type PostgresServer } from '../../kit/postgres-server.ts';
import { soon } from '../../kit/until.ts';
import { administrator, openRig, type Rig } from '../resources/rig.ts';

let server: PostgresServer;
beforeAll(async () => {
  server = await launchPostgresServer({ config: ['log_connections=on'] });
}, 120_000);
afterAll(async () => await server.stop());

interface Options {
  readonly trust?: unknown;
  readonly ownPorts?: readonly number[];
  readonly milliseconds?: number;
}

/** A PostgreSQL Target at this address, and how to scan it. */
async function target(address: string, { trust, ownPorts = [], milliseconds = 60_000 }: Options = {}) {
  const rig = await openRig();
  const spec = { protocol: 'postgres', address, ...(trust === undefined ? {} : { trust }) };
  await rig.outcomes(
    JSON.stringify({ apiVersion: 'sallyport/v1', kind: 'Target', metadata: { name: 'db1', labels: { a: 'b' } }, spec }),
  );
  const hostKeys = async (): Promise<never> => {
    throw new Error('a database has no host keys');
  };
  const postgres = certificateScan({ resolve: targetResolver(ownPorts), scanMilliseconds: milliseconds });
  const scan = async (confirm: readonly string[] = []) =>
    await scanTarget({ resources: rig.deps, scanners: { hostKeys, postgres } }, administrator, 'db1', confirm);
  const good = async (...confirm: readonly string[]): Promise<TargetScan> => {
    const result = await scan(confirm);
    if (!result.ok) throw new Error(JSON.stringify(result.errors));
    return result.scan;
  };
  return { rig, scan, good };
}

const trustOf = async (rig: Rig): Promise<unknown> => {
  const [resource] = (await rig.get('Target', 'db1')) as unknown as [{ spec: { trust?: unknown } }];
  return resource.spec.trust;
};

const shown = () => {
  const certificate = new X509Certificate(server.certificate);
  return {
    sha256: createHash('sha256').update(certificate.raw).digest('hex'),
    subject: 'CN=localhost',
    issuer: 'CN=Database CA',
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
    names: 'DNS:localhost, IP Address:127.0.0.1',
  };
};
/** As `openssl x509 -fingerprint` prints it. */
const printed = (): string => new X509Certificate(server.certificate).fingerprint256;
const here = (): string => `localhost:${String(server.port)}`;

test('the certificate is shown without a login, and confirmed by its SHA-256 alone', async () => {
  const { rig, good, scan } = await target(here());
  const first = await good();
  const tls = { certificateSha256: shown().sha256 };
  expect(first).toEqual({
    target: 'db1',
    keys: [],
    certificate: { ...shown(), problem: 'the Target has no trust.tls yet' },
    error: null,
    confirmed: [],
    resource: expect.objectContaining({
      metadata: { name: 'db1', labels: { a: 'b' } },
      spec: { protocol: 'postgres', address: here(), trust: { tls } },
    }),
  });
  // Nothing is trusted by looking, nor by a fingerprint that is not shown.
  expect(await scan([printed(), 'ab'.repeat(32)])).toMatchObject({ ok: false, errors: [{ code: 'not-offered' }] });
  expect(await trustOf(rig)).toBeUndefined();

  const second = await good(printed());
  expect(second).toMatchObject({ confirmed: [printed()], certificate: { problem: null } });
  expect(await trustOf(rig)).toEqual({ tls });
  expect((await good()).certificate?.problem).toBeNull();

  const events = await rig.events();
  const scans = events.filter(({ type }) => type === 'TargetScanned');
  expect(scans.map(({ data }) => data)).toEqual(
    Array.from({ length: 4 }, () => ({ offered: [], certificate: shown(), error: null })),
  );
  expect(scans[0]).toMatchObject({ schemaVersion: 2, metadata: { actor: { kind: 'user' } } });
  expect(events.filter(({ type }) => type === 'TargetDeclared')).toHaveLength(2);
  // The server saw no login, and has nothing to complain of.
  await soon(() => expect(server.log()).toContain('connection received'));
  expect(server.log()).not.toMatch(/authenticated|FATAL|could not|incomplete/);
});

test('the trust that stands judges it: what it takes is left as it is, what it does not take is named', async () => {
  const tls = { ca: server.ca.pem };
  const known = await (await target(here(), { trust: { tls } })).good();
  expect(known.certificate?.problem).toBeNull();
  expect(known.resource.spec).toMatchObject({ trust: { tls } });

  const other = await target(here(), { trust: { tls: { system: true } } });
  const refused = await other.good();
  expect(refused.certificate?.problem).toContain('no CA that is trusted');
  expect(refused.resource.spec).toMatchObject({ trust: { tls: { certificateSha256: shown().sha256 } } });
  expect(await trustOf(other.rig)).toEqual({ tls: { system: true } });
  await other.good(shown().sha256.toUpperCase());
  expect(await trustOf(other.rig)).toEqual({ tls: { certificateSha256: shown().sha256 } });
});

/** A server that does this with whoever connects. */
async function peer(greet: (socket: Socket) => void): Promise<string> {
  const port = await freePort();
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    greet(socket);
  }).listen(port, '127.0.0.1');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
  });
  return `127.0.0.1:${String(port)}`;
}

const answering = (answer: string) => (socket: Socket) => {
  socket.once('data', () => socket.resume().write(answer));
};

/** As PgBouncer does when it wants a client certificate in TLS 1.2. */
const alerting = (socket: Socket): void => {
  socket.once('data', () => {
    socket.write('S');
    socket.once('data', () => socket.end(Buffer.of(0x15, 3, 3, 0, 2, 2, 40)));
  });
};

const endless = (socket: Socket): void => {
  const more = (): void => {
    while (!socket.destroyed && socket.writable && socket.write(Buffer.alloc(16_384, 'S')))
      if (socket.destroyed) return;
  };
  socket.on('drain', more);
  more();
};

test.each<readonly [string, (socket: Socket) => void, RegExp]>([
  ['closes at once', (socket) => socket.end(), /db1 does not speak PostgreSQL|cannot be reached/],
  ['says nothing', () => undefined, /does not answer in time/],
  ['takes no TLS', answering('N'), /takes no TLS/],
  ['hangs up in the handshake', (socket) => socket.once('data', () => socket.end('S')), /during the TLS handshake/],
  ['ends TLS with an alert', alerting, /ALERT_HANDSHAKE_FAILURE.*client certificate/],
  ['takes TLS and says nothing', answering('S'), /does not answer in time/],
  ['speaks something else', answering('HTTP/1.1 400 Bad Request\r\n\r\n'), /takes no TLS|does not speak PostgreSQL/],
  ['sends without end', endless, /does not speak PostgreSQL/],
])('a peer that %s is a clear error, and an event', async (_, greet, error) => {
  const silent = error.source.includes('in time');
  const { rig, good } = await target(await peer(greet), silent ? { milliseconds: 500 } : {});
  const seen = await good();
  expect(seen).toMatchObject({ certificate: null, error: expect.stringMatching(error) });
  expect((await rig.events()).at(-1)).toMatchObject({
    type: 'TargetScanned',
    data: { offered: [], certificate: null, error: seen.error },
  });
  expect(await trustOf(rig)).toBeUndefined();
});

test('a name without address, a port where nothing listens and our own port are clear errors', async () => {
  expect((await (await target('no-such-host.invalid:5432')).good()).error).toContain("can't be resolved");
  const nowhere = await target(`127.0.0.1:${String(await freePort())}`);
  expect((await nowhere.good()).error).toContain('cannot be reached');
  expect(await nowhere.scan(['ab'.repeat(32)])).toMatchObject({
    ok: false,
    errors: [{ code: 'not-offered', message: expect.stringContaining('cannot be reached') }],
  });
  let touched = 0;
  const own = await peer(() => (touched += 1));
  const ownPorts = [Number(own.split(':')[1])];
  expect((await (await target(own, { ownPorts })).good()).error).toContain('leads back to this installation');
  expect(touched).toBe(0);
});
