import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { publicKeys } from '../../../src/adapters/ssh-keys/public-keys.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';

const { path: dir, remove } = makeTempDir();
afterAll(remove);

const namespace = 'own-key@sallyport';
const message = 'what is signed, ü';

interface SigningKey {
  readonly file: string;
  readonly fingerprint: string;
}

function makeKey(...args: readonly string[]): SigningKey {
  const file = join(dir, randomUUID());
  execFileSync('ssh-keygen', ['-q', '-N', '', '-f', file, ...args]);
  return { file, fingerprint: execFileSync('ssh-keygen', ['-lf', file], { encoding: 'utf8' }).split(' ')[1] ?? '' };
}

function signedBy({ file }: SigningKey, text = message, ...options: readonly string[]): string {
  const what = join(dir, randomUUID());
  writeFileSync(what, text);
  const words = ['-q', '-Y', 'sign', '-n', namespace, '-f', file, ...options, what];
  execFileSync('ssh-keygen', words, { stdio: 'ignore' });
  return readFileSync(`${what}.sig`, 'utf8');
}

/** The fingerprint of the key that signed; null: nobody did. */
function signer(text: string, over = { namespace, message }): string | null {
  const shown = publicKeys.readSignature(text, over);
  return shown !== null && publicKeys.verify(shown) ? publicKeys.fingerprint(shown.key) : null;
}

const ed25519 = makeKey('-t', 'ed25519');
const good = signedBy(ed25519);

test.each([
  ['Ed25519', ['-t', 'ed25519'], []],
  ['Ed25519 over SHA-256', ['-t', 'ed25519'], ['-O', 'hashalg=sha256']],
  ['RSA', ['-t', 'rsa', '-b', '2048'], []],
  ['ECDSA P-256', ['-t', 'ecdsa', '-b', '256'], []],
  ['ECDSA P-384', ['-t', 'ecdsa', '-b', '384'], []],
  ['ECDSA P-521', ['-t', 'ecdsa', '-b', '521'], []],
])('a signature that ssh-keygen made with %s is one by its key', (_, args, options) => {
  const key = makeKey(...args);
  expect(signer(signedBy(key, message, ...options))).toBe(key.fingerprint);
  expect(signer(signedBy(key, `${message}\n`, ...options)), 'over more').toBeNull();
});

test('line ends of Windows and lines around it do no harm', () => {
  expect(signer(`\r\n${good.replaceAll('\n', '\r\n')}\r\n`)).toBe(ed25519.fingerprint);
});

const bytes = Buffer.from(good.split('\n').slice(1, -2).join(''), 'base64');

function armoured(blob: Buffer): string {
  return `-----BEGIN SSH SIGNATURE-----\n${blob.toString('base64')}\n-----END SSH SIGNATURE-----\n`;
}

/** The signature with these bytes in place of those. */
function changed(from: string, to: string): string {
  const at = bytes.indexOf(from, 0, 'latin1');
  if (at === -1) throw new Error(`there is no ${from} in it`);
  return armoured(Buffer.concat([bytes.subarray(0, at), Buffer.from(to, 'latin1'), bytes.subarray(at + from.length)]));
}

test.each([
  ['nothing', ''],
  ['no armour', good.replaceAll(/-----.*-----/g, '')],
  ['half of it', good.slice(0, 200)],
  ['twice', good + good],
  ['another armour', good.replaceAll('SSH SIGNATURE', 'PGP SIGNATURE')],
  ['too much', good.replace('\n', `\n${'\n'.repeat(20_000)}`)],
  ['another magic', changed('SSHSIG', 'SSHSIX')],
  ['another version', changed('SSHSIG\0\0\0\x01', 'SSHSIG\0\0\0\x02')],
  ['another namespace', changed(namespace, 'own-key@sallypore')],
  ['another hash', changed('sha512', 'sha256')],
  ['an unknown hash', changed('sha512', 'sha384')],
  ['a word in the reserved place', changed('sallyport\0\0\0\0', 'sallyport\0\0\0\x01x')],
  ['one with something after it', armoured(Buffer.concat([bytes, Buffer.of(0)]))],
])('%s is none', (_, text) => {
  expect(signer(text)).toBeNull();
});

test('one over another message or for another namespace is none', () => {
  expect(signer(good, { namespace, message: 'another' })).toBeNull();
  expect(signer(good, { namespace: 'git', message })).toBeNull();
});

test('every changed byte makes it none by its key', () => {
  for (const [index, byte] of bytes.entries()) {
    const other = Buffer.from(bytes);
    other[index] = byte ^ 1;
    expect(signer(armoured(other)), `byte ${String(index)}`).toBeNull();
  }
});
