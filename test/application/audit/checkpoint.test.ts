import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { openCheckpoint, parseCheckpoint, signCheckpoint } from '../../../src/application/audit/checkpoint.ts';

const pair = generateKeyPairSync('ed25519');
const signer = { ...pair, origin: 'sallyport/test' };
const note = signCheckpoint(42, Buffer.alloc(32, 1), signer);

test('a checkpoint has the form of C2SP tlog-checkpoint in a signed note', () => {
  const lines = note.split('\n');
  expect(lines.slice(0, 4)).toEqual(['sallyport/test', '42', Buffer.alloc(32, 1).toString('base64'), '']);
  expect(lines[4]).toMatch(/^\u2014 sallyport\/test [A-Za-z0-9+/]{90}[A-Za-z0-9+/=]{2}$/);
  expect(note.endsWith('\n')).toBe(true);
  expect(openCheckpoint(note, pair.publicKey)).toEqual({
    origin: 'sallyport/test',
    size: 42,
    root: Buffer.alloc(32, 1),
  });
});

test('the key id of the published example of C2SP signed-note', () => {
  // PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW: the key of golang.org/x/mod/sumdb/note.
  const raw = Buffer.from('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW', 'base64').subarray(1);
  const publicKey = createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]),
    format: 'der',
    type: 'spki',
  });
  const privateKey = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
    format: 'der',
    type: 'pkcs8',
  });
  const text = signCheckpoint(0, Buffer.alloc(32), { privateKey, publicKey, origin: 'PeterNeumann' });
  const signature = Buffer.from(text.split(' ').at(-1)!, 'base64');
  expect(signature.subarray(0, 4).toString('hex')).toBe('c74f20a3');
});

test.each([
  ['another size', note.replace('42', '43')],
  ['another root', note.replace('AQEB', 'AQEC')],
  ['another origin', note.replaceAll('sallyport/test', 'sallyport/tesu')],
  ['another signature', `${note.slice(0, -6)}AAA=\n`],
  ['no signature', note.slice(0, note.indexOf('\u2014'))],
  ['a line more', note.replace('\n\n', '\nmore\n\n')],
  ['nothing', ''],
])('with %s it does not open', (_, text) => {
  expect(text).not.toBe(note);
  expect(openCheckpoint(text, pair.publicKey)).toBeUndefined();
});

test('a signature by another key does not count', () => {
  expect(openCheckpoint(note, generateKeyPairSync('ed25519').publicKey)).toBeUndefined();
  expect(parseCheckpoint(note)?.size).toBe(42);
});
