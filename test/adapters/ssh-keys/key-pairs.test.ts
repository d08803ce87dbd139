import { execFileSync } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyPairs } from '../../../src/adapters/ssh-keys/key-pairs.ts';
import type { KeyReading } from '../../../src/application/ports/key-pairs.ts';
import { count } from '../../kit/counts.ts';
import { tempDir } from '../../kit/temp-dir.ts';
import { cpuMilliseconds } from '../../kit/cpu-time.ts';

/** A key as OpenSSH's own tool makes it. */
function sshKeygen(...options: string[]): { privateKey: string; publicKey: string } {
  const file = join(tempDir(), 'key');
  execFileSync('ssh-keygen', ['-q', '-C', 'a comment', '-f', file, ...options]);
  return { privateKey: readFileSync(file, 'utf8'), publicKey: line(readFileSync(`${file}.pub`, 'utf8')) };
}

/** The public half as OpenSSH derives it from a private key file. */
function derivedByOpenssh(privateKey: string, passphrase = ''): string {
  const file = join(tempDir(), 'key');
  writeFileSync(file, privateKey);
  chmodSync(file, 0o600);
  return line(execFileSync('ssh-keygen', ['-y', '-P', passphrase, '-f', file], { encoding: 'utf8' }));
}

function line(text: string): string {
  return text.trim().split(' ').slice(0, 2).join(' ');
}

function pair(reading: KeyReading) {
  if (!reading.ok) throw new Error(reading.message);
  return reading.pair;
}

function refusal(privateKey: string, passphrase: string | null = null): string {
  const reading = keyPairs.read(privateKey, passphrase);
  if (reading.ok) throw new Error('was taken');
  return `${reading.field} ${reading.message}`;
}

const kinds = [
  ['ed25519', ['-t', 'ed25519']],
  ['rsa', ['-t', 'rsa', '-b', '2048']],
  ['ecdsa 256', ['-t', 'ecdsa', '-b', '256']],
  ['ecdsa 384', ['-t', 'ecdsa', '-b', '384']],
  ['ecdsa 521', ['-t', 'ecdsa', '-b', '521']],
] as const;

describe('keys of ssh-keygen', () => {
  it.each(kinds)('%s in OpenSSH format', (_, options) => {
    const { privateKey, publicKey } = sshKeygen(...options, '-N', '');
    expect(keyPairs.read(privateKey, null)).toEqual({
      ok: true,
      pair: { privateKey, publicKey, passphrase: null },
      passphraseChecked: true,
    });
    expect(refusal(privateKey, 'word')).toBe('passphrase is given, but the private key is not encrypted');
  });

  it.each(kinds)('%s in OpenSSH format with a passphrase: kept as it is, checked at first use', (_, options) => {
    const { privateKey, publicKey } = sshKeygen(...options, '-N', 'pass word');
    expect(keyPairs.read(privateKey, 'pass word')).toEqual({
      ok: true,
      pair: { privateKey, publicKey, passphrase: 'pass word' },
      passphraseChecked: false,
    });
    expect(refusal(privateKey)).toBe('passphrase is missing: the private key is encrypted');
  });

  it.each(kinds.slice(1))('%s in PEM, with and without a passphrase', (_, options) => {
    for (const passphrase of ['', 'pass word']) {
      for (const format of ['PEM', 'PKCS8']) {
        const { privateKey, publicKey } = sshKeygen(...options, '-m', format, '-N', passphrase);
        const read = pair(keyPairs.read(privateKey, passphrase === '' ? null : passphrase));
        expect(read.publicKey).toBe(publicKey);
        expect(read.passphrase).toBeNull();
        expect(derivedByOpenssh(read.privateKey)).toBe(publicKey);
        if (passphrase !== '') expect(refusal(privateKey, 'wrong')).toBe('passphrase does not open the private key');
      }
    }
  });
});

describe('generated keys', () => {
  it.each(['ed25519', 'rsa', 'ecdsa'] as const)('%s is one that OpenSSH and this reader know', async (algorithm) => {
    const made = await keyPairs.generate(algorithm);
    expect(derivedByOpenssh(made.privateKey)).toBe(made.publicKey);
    expect(pair(keyPairs.read(made.privateKey, null)).publicKey).toBe(made.publicKey);
    expect(made.publicKey).not.toBe((await keyPairs.generate(algorithm)).publicKey);
  });

  it('an Ed25519 key in PKCS#8 becomes one in OpenSSH format', () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const read = pair(keyPairs.read(pem, null));
    expect(read.privateKey).toContain('BEGIN OPENSSH PRIVATE KEY');
    expect(derivedByOpenssh(read.privateKey)).toBe(read.publicKey);
  });
});

/** An encrypted PKCS#8 key whose number of rounds says `rounds`; the text is no longer a key that opens. */
function withRounds(rounds: number): string {
  const pem = generateKeyPairSync('ed25519')
    .privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'p' })
    .toString();
  const der = Buffer.from(pem.split('\n').slice(1, -2).join(''), 'base64');
  const at = der.indexOf(Buffer.from([0x02, 0x02, 0x08, 0x00]));
  expect(at).toBeGreaterThan(0);
  const number = Buffer.from([0x02, 0x04, 0, 0, 0, 0]);
  number.writeUInt32BE(rounds, 2);
  const grown = Buffer.concat([der.subarray(0, at), number, der.subarray(at + 4)]);
  // Two bytes longer in each of the structures around it.
  const lengths = structuresAround(der, at);
  for (const offset of lengths) grown[offset] = grown[offset]! + 2;
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${grown.toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
}

/** Offsets of the last length byte of every SEQUENCE that holds `at`. */
function structuresAround(der: Buffer, at: number): number[] {
  const found: number[] = [];
  let offset = 0;
  while (offset < at) {
    const long = der[offset + 1]! > 0x80 ? der[offset + 1]! - 0x80 : 0;
    const length = long === 0 ? der[offset + 1]! : der.readUIntBE(offset + 2, long);
    const start = offset + 2 + long;
    if (der[offset] === 0x30 && at < start + length) {
      found.push(start - 1);
      offset = start;
    } else offset = start + length;
  }
  return found;
}

describe('what is refused', () => {
  it('texts that are no private key', () => {
    const publicPem = generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString();
    for (const text of ['', 'nonsense', publicPem])
      expect(refusal(text)).toBe('privateKey is no private key in PEM or OpenSSH format');
    expect(refusal('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n')).toContain(
      'privateKey cannot be read',
    );
    expect(refusal('x'.repeat(70_000))).toBe('privateKey is longer than 64 KB');
  });

  it('weak and foreign kinds', () => {
    const pem = (key: ReturnType<typeof createPrivateKey>) => key.export({ format: 'pem', type: 'pkcs8' }).toString();
    expect(refusal(pem(generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey))).toContain(
      'fewer than 2048 bits',
    );
    expect(refusal(sshKeygen('-t', 'rsa', '-b', '1024', '-N', '').privateKey)).toContain('fewer than 2048 bits');
    expect(refusal(pem(generateKeyPairSync('x25519').privateKey))).toContain('is of a kind that is not taken');
    expect(refusal(pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey))).toContain(
      'is of a kind that is not taken',
    );
  });

  it('key derivation that would hold up the process', () => {
    const { privateKey } = sshKeygen('-t', 'ed25519', '-N', 'x', '-a', '16');
    const bytes = Buffer.from(privateKey.split('\n').slice(1, -2).join(''), 'base64');
    const at = bytes.indexOf(Buffer.from([0, 0, 0, 16, 0, 0, 0, 1]));
    bytes.writeUInt32BE(100_000, at);
    const slow = `-----BEGIN OPENSSH PRIVATE KEY-----\n${bytes.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
    expect(refusal(slow, 'x')).toContain('more than 256 rounds');
    const started = cpuMilliseconds();
    expect(refusal(withRounds(2_000_000_000), 'p')).toContain('more than 1,000,000 rounds');
    expect(cpuMilliseconds() - started).toBeLessThan(2_000);
    expect(refusal(withRounds(3_000), 'p')).toBe('passphrase does not open the private key');
  });

  it('a key that is cut or altered anywhere, without a throw', () => {
    const { privateKey } = sshKeygen('-t', 'ed25519', '-N', '');
    const { privateKey: pem } = sshKeygen('-t', 'ecdsa', '-m', 'PKCS8', '-N', 'pass word');
    fc.assert(
      fc.property(
        fc.constantFrom(privateKey, pem),
        fc.nat(600),
        fc.nat(8),
        fc.base64String({ maxLength: 8 }),
        (text, at, cut, put) => {
          const reading = keyPairs.read(
            text.slice(0, at) + put + text.slice(at + cut),
            text === pem ? 'pass word' : null,
          );
          if (!reading.ok) expect(reading.message).not.toContain(text.split('\n')[1]!.slice(0, 12));
        },
      ),
      { numRuns: count(200, 20_000) },
    );
  });
});
