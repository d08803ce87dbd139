import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tlsServerEndPoint } from '../../../src/wire/scram/channel-binding.ts';
import { runProcess } from '../../kit/process.ts';
import { tempDir } from '../../kit/temp-dir.ts';

test.each<[string, readonly string[], string | null]>([
  ['RSA with SHA-1', ['-newkey', 'rsa:2048', '-sha1'], 'sha256'],
  ['RSA with SHA-256', ['-newkey', 'rsa:2048', '-sha256'], 'sha256'],
  ['RSA with SHA-512', ['-newkey', 'rsa:2048', '-sha512'], 'sha512'],
  ['ECDSA with SHA-384', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-sha384'], 'sha384'],
  ['Ed25519', ['-newkey', 'ed25519'], null],
])('a certificate that is signed by %s', async (_, options, hash) => {
  const folder = tempDir();
  const [key, path] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  await runProcess('openssl', ['req', '-x509', '-nodes', '-subj', '/CN=db', '-keyout', key, '-out', path, ...options]);
  const { raw } = new X509Certificate(readFileSync(path));
  expect(tlsServerEndPoint(raw)).toEqual(hash === null ? null : createHash(hash).update(raw).digest());
});
