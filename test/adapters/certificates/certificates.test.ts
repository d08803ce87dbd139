import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { ensureAuthority, type SealedKey } from '../../../src/adapters/certificates/authority.ts';
import type { Issuer } from '../../../src/adapters/certificates/build-certificate.ts';
import { keepServerCertificate } from '../../../src/adapters/certificates/keep-certificate.ts';
import { isDue, issueServerCertificate, namesOf } from '../../../src/adapters/certificates/server-certificate.ts';
import { freePort } from '../../kit/ports.ts';
import { makeTempDir, tempDir } from '../../kit/temp-dir.ts';
import { until } from '../../kit/until.ts';

const now = new Date('2026-01-02T03:04:05.678Z');
const folder = makeTempDir();
let authority: Issuer;
let privatePem: string | null = null;
const sealedKey: SealedKey = {
  load: async () => privatePem,
  store: async (pem) => {
    privatePem = pem;
  },
};

beforeAll(async () => {
  authority = await ensureAuthority({ sealedKey, folder: folder.path, now });
});
afterAll(folder.remove);

test('the CA is made once: a second start finds the same one, its certificate readable to all', async () => {
  const path = join(folder.path, 'ca.pem');
  expect(statSync(path).mode & 0o777).toBe(0o644);
  const again = await ensureAuthority({ sealedKey, folder: folder.path, now });
  expect(again.certificate.fingerprint256).toBe(authority.certificate.fingerprint256);
  expect(readFileSync(path, 'utf8')).not.toContain('PRIVATE');
  expect(authority.certificate.ca).toBe(true);
  expect(authority.keys.publicKey.asymmetricKeyDetails?.modulusLength).toBe(3072);
});

test('a lost ca.pem is made anew for the same key, and older server certificates verify under it', async () => {
  const other = tempDir();
  const again = await ensureAuthority({ sealedKey, folder: other, now });
  const { cert } = await issueServerCertificate(authority, namesOf('h', []), now);
  expect(new X509Certificate(cert).verify(again.certificate.publicKey)).toBe(true);
  expect(new X509Certificate(cert).checkIssued(again.certificate)).toBe(true);
});

test('a CA certificate without its key, of another key, or that is none: no CA', async () => {
  const other = tempDir();
  writeFileSync(join(other, 'ca.pem'), authority.certificate.toString());
  const without: SealedKey = { load: async () => null, store: async () => {} };
  await expect(ensureAuthority({ sealedKey: without, folder: other, now })).rejects.toMatchObject({
    code: 'authority-damaged',
  });
  const leaf = await issueServerCertificate(authority, namesOf('h', []), now);
  const foreign: SealedKey = { load: async () => leaf.key, store: async () => {} };
  await expect(ensureAuthority({ sealedKey: foreign, folder: other, now })).rejects.toMatchObject({
    code: 'authority-damaged',
  });
  writeFileSync(join(other, 'ca.pem'), 'no certificate');
  await expect(ensureAuthority({ sealedKey, folder: other, now })).rejects.toMatchObject({ code: 'authority-damaged' });
  unlinkSync(join(other, 'ca.pem'));
});

test('a CA that has ended issues nothing more', async () => {
  const later = new Date('2040-01-01T00:00:00.000Z');
  await expect(ensureAuthority({ sealedKey, folder: folder.path, now: later })).rejects.toMatchObject({
    kind: 'integrity',
  });
});

test('a server certificate names every name, is for servers only, and ends in 90 days', async () => {
  const issued = await issueServerCertificate(
    authority,
    namesOf('Box', ['proxy.example.org', '192.0.2.7', 'box']),
    now,
  );
  const certificate = new X509Certificate(issued.cert);
  expect(certificate.subjectAltName).toBe(
    'DNS:localhost, DNS:box, DNS:proxy.example.org, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, IP Address:192.0.2.7',
  );
  expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  expect(certificate.ca).toBe(false);
  expect(certificate.checkHost('other.example.org')).toBeUndefined();
  expect(issued.notAfter.getTime() - now.getTime()).toBe(90 * 24 * 3_600_000);
});

test.each(['a b', 'ä.example', 'x'.repeat(64), 'a,b', '', 'a..b', 'a\nb'])(
  'no certificate for the name %j',
  async (name) => {
    await expect(issueServerCertificate(authority, { names: [name], ips: [] }, now)).rejects.toMatchObject({
      code: 'bad-server-name',
    });
  },
);

test('it is due when a third of its life is left', async () => {
  const issued = await issueServerCertificate(authority, namesOf('h', []), now);
  const days = (count: number): Date => new Date(now.getTime() + count * 24 * 3_600_000);
  expect(isDue(issued, days(59))).toBe(false);
  expect(isDue(issued, days(61))).toBe(true);
});

test('a kept certificate is renewed without a restart', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    let time = now;
    const renewed = new Promise<string>((resolve, reject) => {
      keepServerCertificate({
        authority,
        names: namesOf('h', []),
        now: () => time,
        onRenewed: ({ cert }) => resolve(cert),
        onWarning: (_message, error) => reject(error as Error),
      }).then((kept) => {
        time = new Date(now.getTime() + 70 * 24 * 3_600_000);
        vi.advanceTimersByTime(3_600_000);
        kept.stop();
      }, reject);
    });
    expect(new X509Certificate(await renewed).validFromDate.getTime()).toBeGreaterThan(
      now.getTime() + 69 * 24 * 3_600_000,
    );
  } finally {
    vi.useRealTimers();
  }
});

test('a renewed server certificate that nobody can take is a warning and is tried again', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  try {
    let time = now;
    let tries = 0;
    const warned: unknown[] = [];
    const kept = await keepServerCertificate({
      authority,
      names: namesOf('h', []),
      now: () => time,
      onRenewed: () => {
        tries += 1;
        throw new Error('no door takes it');
      },
      onWarning: (_message, error) => warned.push(error),
    });
    time = new Date(now.getTime() + 70 * 24 * 3_600_000);
    for (const turn of [1, 2]) {
      vi.advanceTimersByTime(3_600_000);
      await until(() => warned.length === turn, { what: 'the warning' });
      expect(tries).toBe(turn);
    }
    kept.stop();
  } finally {
    vi.useRealTimers();
  }
});

test('a TLS client that trusts ca.pem connects to localhost and both loopback addresses by name', async () => {
  const today = new Date();
  const dir = tempDir();
  const ca = await ensureAuthority({ sealedKey, folder: dir, now: today });
  const { key, cert } = await issueServerCertificate(ca, namesOf('h', []), today);
  const server = createServer({ key, cert }, (socket) => socket.end());
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  try {
    for (const servername of ['localhost', 'h']) {
      const socket = connect({
        port,
        host: '127.0.0.1',
        servername,
        ca: readFileSync(join(dir, 'ca.pem')),
        minVersion: 'TLSv1.3',
      });
      await once(socket, 'secureConnect');
      expect(socket.authorized).toBe(true);
      socket.destroy();
    }
    const wrong = connect({ port, host: '127.0.0.1', servername: 'other', ca: readFileSync(join(dir, 'ca.pem')) });
    await expect(once(wrong, 'secureConnect')).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  } finally {
    server.close();
  }
});
