import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { publicBlobOf, publicLine } from '../../../src/adapters/ssh-keys/public-blob.ts';
import { publicKeys } from '../../../src/adapters/ssh-keys/public-keys.ts';
import { sshNumber, sshString } from '../../../src/adapters/ssh-keys/ssh-encoding.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';

const { path: dir, remove } = makeTempDir();
afterAll(remove);

/** The public line of a new key, and what ssh-keygen says of it. */
function made(...args: readonly string[]): {
  readonly file: string;
  readonly line: string;
  readonly fingerprint: string;
} {
  const file = join(dir, randomUUID());
  execFileSync('ssh-keygen', ['-q', '-N', '', '-C', 'ann on a laptop', '-f', file, ...args]);
  const fingerprint = execFileSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' }).split(' ')[1] ?? '';
  return { file, line: readFileSync(`${file}.pub`, 'utf8'), fingerprint };
}

describe('a public key that ssh-keygen made', () => {
  test.each([
    [['-t', 'ed25519'], 'ssh-ed25519', 256],
    [['-t', 'ecdsa', '-b', '256'], 'ecdsa-sha2-nistp256', 256],
    [['-t', 'ecdsa', '-b', '384'], 'ecdsa-sha2-nistp384', 384],
    [['-t', 'ecdsa', '-b', '521'], 'ecdsa-sha2-nistp521', 521],
    [['-t', 'rsa', '-b', '1024'], 'ssh-rsa', 1024],
    [['-t', 'rsa', '-b', '2048'], 'ssh-rsa', 2048],
  ])('%j is read', (args, algorithm, bits) => {
    const { line, fingerprint } = made(...args);
    const key = { algorithm, bits, fingerprint, comment: 'ann on a laptop' };
    expect(publicKeys.read(line)).toEqual({ ok: true, key });
    expect(publicKeys.read(`\r\n# mine\n${line.trim()}\r\n`)).toEqual({ ok: true, key });
  });
});

const ed25519 = made('-t', 'ed25519');
const [type = '', base64 = ''] = ed25519.line.split(' ');
const blobOf = (...parts: readonly Buffer[]): string => Buffer.concat(parts).toString('base64');
const point = (hex: string): string =>
  `ssh-ed25519 ${blobOf(sshString('ssh-ed25519'), sshString(Buffer.from(hex, 'hex')))}`;
const rsa = (e: number, n: Buffer): string =>
  `ssh-rsa ${blobOf(sshString('ssh-rsa'), sshNumber(Buffer.of(e)), sshNumber(n))}`;
const offCurve = Buffer.concat([Buffer.of(4), Buffer.alloc(64, 1)]);

test.each([
  ['nothing', '', 'no public key'],
  ['two keys', `${ed25519.line}${ed25519.line}`, 'no public key'],
  ['a private key', readFileSync(ed25519.file, 'utf8'), 'private key'],
  ['a private key of PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519', 'private key'],
  ['the form of RFC 4716', '---- BEGIN SSH2 PUBLIC KEY ----\nAAAA\n', 'ssh-keygen -i'],
  ['a certificate', `ssh-ed25519-cert-v01@openssh.com ${base64}`, 'certificate'],
  ['a security key', `sk-ssh-ed25519@openssh.com ${base64}`, 'security token'],
  ['DSA', `ssh-dss ${base64}`, 'DSA'],
  ['another kind', `ssh-ed448 ${base64}`, 'ssh-keygen -t ed25519'],
  ['another type than it says', `ssh-rsa ${base64}`, 'damaged'],
  ['a cut key', `${type} ${base64.slice(0, 60)}`, 'damaged'],
  ['a key with something after it', `${type} ${blobOf(Buffer.from(base64, 'base64'), Buffer.of(0))}`, 'damaged'],
  ['a point of small order', point('01'.padEnd(64, '0')), 'too weak'],
  ['a point of small order with a sign', point(`${'00'.repeat(31)}80`), 'too weak'],
  [
    'a point off its curve',
    `ecdsa-sha2-nistp256 ${blobOf(sshString('ecdsa-sha2-nistp256'), sshString('nistp256'), sshString(offCurve))}`,
    'damaged',
  ],
  ['an RSA exponent of one', rsa(1, Buffer.alloc(256, 0xff)), 'too weak'],
  ['an even RSA modulus', rsa(3, Buffer.alloc(256, 0xfe)), 'too weak'],
  ['an RSA key without end', rsa(3, Buffer.alloc(2_049, 0xff)), 'too weak'],
  ['too much', 'x'.repeat(40_000), 'too long'],
])('%s is refused with the reason, and not repeated', (_, text, reason) => {
  const reading = publicKeys.read(text);
  expect(reading).toMatchObject({ ok: false, message: expect.stringContaining(reason) as string });
  expect(JSON.stringify(reading)).not.toContain(base64.slice(0, 40));
});

describe('a signature', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  const key = publicBlobOf(pair.privateKey) ?? Buffer.alloc(0);
  const signed = Buffer.from('what is signed');
  const wrapped = (name: string, bytes: Buffer): Buffer => Buffer.concat([sshString(name), sshString(bytes)]);
  const by = (hash: string): Buffer => sign(hash, signed, pair.privateKey);
  const good = { algorithm: 'rsa-sha2-512', key, signed, signature: wrapped('rsa-sha2-512', by('sha512')) };

  test('by the key over the bytes, with the hash of its name, is one', () => {
    expect(publicKeys.verify(good)).toBe(true);
    const short = { ...good, algorithm: 'rsa-sha2-256', signature: wrapped('rsa-sha2-256', by('sha256')) };
    expect(publicKeys.verify(short)).toBe(true);
  });

  const other = publicBlobOf(generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey) ?? key;
  test.each([
    ['other bytes', { signed: Buffer.from('what is signe') }],
    ['another key', { key: other }],
    ['another name in the request', { algorithm: 'rsa-sha2-256' }],
    ['another name in the signature', { signature: wrapped('rsa-sha2-256', by('sha512')) }],
    ['a hash that does not fit its name', { signature: wrapped('rsa-sha2-512', by('sha256')) }],
    ['SHA-1', { algorithm: 'ssh-rsa', signature: wrapped('ssh-rsa', by('sha1')) }],
    ['no wrapping', { signature: by('sha512') }],
    ['something after it', { signature: Buffer.concat([good.signature, Buffer.of(0)]) }],
    ['nothing', { signature: Buffer.alloc(0) }],
    ['a key that is none', { key: Buffer.from('no key') }],
    ['a key of another kind', { key: Buffer.from(base64, 'base64') }],
  ])('with %s is none', (_, change) => {
    expect(publicKeys.verify({ ...good, ...change })).toBe(false);
  });

  test('by ECDSA with numbers of any length is one, and none when they are changed', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-521' });
    const blob = publicBlobOf(ec.privateKey) ?? Buffer.alloc(0);
    expect(publicKeys.read(publicLine(blob))).toMatchObject({ ok: true, key: { bits: 521 } });
    for (let each = 0; each < 20; each += 1) {
      const both = sign('sha512', signed, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' });
      const numbers = Buffer.concat([sshNumber(both.subarray(0, 66)), sshNumber(both.subarray(66))]);
      const shown = { algorithm: 'ecdsa-sha2-nistp521', key: blob, signed };
      expect(publicKeys.verify({ ...shown, signature: wrapped('ecdsa-sha2-nistp521', numbers) })).toBe(true);
      numbers[10] = (numbers[10] ?? 0) ^ 1;
      expect(publicKeys.verify({ ...shown, signature: wrapped('ecdsa-sha2-nistp521', numbers) })).toBe(false);
    }
  });
});
