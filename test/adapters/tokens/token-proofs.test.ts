import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWellFormed } from '../../../src/adapters/tokens/secret-text.ts';
import { vaultLoginProofs, vaultTokenProofs } from '../../../src/adapters/tokens/token-proofs.ts';
import { openFileVault } from '../../../src/adapters/vault/file-vault.ts';
import { loadMasterKey } from '../../../src/adapters/vault/master-key.ts';
import { hmacNameKeys } from '../../../src/adapters/vault/name-keys.ts';
import type { TokenProofs, TokenProofSubject } from '../../../src/application/ports/token-proofs.ts';
import type { Vault } from '../../../src/application/ports/vault.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { count } from '../../kit/counts.ts';
import { tempDir } from '../../kit/temp-dir.ts';

const installationKey = Buffer.alloc(32, 9);
const subject = (last: string): TokenProofSubject => ({
  tokenId: streamId('token', `6f9619ff-8b86-4d01-b42d-00cf4fc9640${last}`),
  userId: streamId('user', '6f9619ff-8b86-4d01-b42d-00cf4fc96401'),
  protocols: ['ssh'],
  expiresAt: `2026-01-02T03:04:05.00${last}Z`,
});

const at = '2026-01-02T03:04:05.000Z';

function tokensOf(vault: Vault, key = installationKey): TokenProofs {
  return vaultTokenProofs(vault, key, hmacNameKeys(key));
}

function proofs() {
  const data = tempDir();
  const open = () => openFileVault(data, loadMasterKey(data));
  return { data, open, tokens: tokensOf(open()) };
}

const plain = (secret: string) => ({ mechanism: 'plain', secret }) as const;

test('a secret proves its token, also in another process, until it is dropped', async () => {
  const { tokens, open } = proofs();
  const { secret } = await tokens.issue(subject('1'), 'alice', at);
  const other = await tokens.issue(subject('2'), 'alice', at);
  expect(secret).toMatch(/^spt_[0-9A-Za-z]{36}$/);
  const elsewhere = tokensOf(open());
  expect(await elsewhere.verify(plain(secret))).toEqual({ tokenId: subject('1').tokenId, serverSignature: null });
  await tokens.drop(subject('1').tokenId);
  await tokens.drop(subject('1').tokenId);
  expect(await elsewhere.verify(plain(secret))).toBeNull();
  expect(await elsewhere.verify(plain(other.secret))).toEqual({ tokenId: subject('2').tokenId, serverSignature: null });
});

test('a dropped token leaves nothing behind', async () => {
  const { tokens, open } = proofs();
  await tokens.verify(plain(''));
  const before = await open().list('token-');
  await tokens.issue(subject('1'), 'alice', at);
  expect(await open().list('token-')).toHaveLength(before.length + 3);
  await tokens.drop(subject('1').tokenId);
  expect(await open().list('token-')).toEqual(before);
});

test('byte for byte: nothing is trimmed, folded or left out', async () => {
  const { tokens } = proofs();
  const { secret } = await tokens.issue(subject('1'), 'alice', at);
  const changed = [
    '',
    ` ${secret}`,
    `${secret} `,
    `${secret}\n`,
    `${secret}\0`,
    secret.toUpperCase(),
    secret.toLowerCase(),
    secret.slice(0, -1),
    secret.slice(4),
    secret.replace('spt_', 'spl_'),
    secret.replace('spt_', 'ｓpt_'),
    'x'.repeat(100_000),
    '../../keys/master.key',
  ];
  for (const wrong of changed) expect(await tokens.verify(plain(wrong))).toBeNull();
  expect(await tokens.verify(plain(secret))).toEqual({ tokenId: subject('1').tokenId, serverSignature: null });
});

test('every other text of the right form proves nothing, and no slip of one character has the right form', async () => {
  const { tokens } = proofs();
  const { secret } = await tokens.issue(subject('1'), 'alice', at);
  await fc.assert(
    fc.asyncProperty(fc.nat(39), fc.constantFrom(...Array.from('0123456789aBcDxYz_- ')), async (at, character) => {
      const slip = secret.slice(0, at) + character + secret.slice(at + 1);
      fc.pre(slip !== secret);
      expect(isWellFormed('spt_', slip)).toBe(false);
      expect(await tokens.verify(plain(slip))).toBeNull();
    }),
    { numRuns: count(100, 3_000) },
  );
  fc.assert(
    fc.property(fc.string(), (text) => !isWellFormed('spt_', text)),
    { numRuns: count(500, 50_000) },
  );
  expect(await tokensOf(proofs().open()).verify(plain(secret))).toBeNull();
});

test('random digits are evenly drawn and no two secrets are alike', async () => {
  const { tokens } = proofs();
  const drawn = new Set<string>();
  const digits = new Map<string, number>();
  for (let each = 1; each <= 40; each += 1) {
    const id = streamId('token', `6f9619ff-8b86-4d01-b42d-00cf4fc9${String(each).padStart(4, '0')}`);
    const { secret } = await tokens.issue({ ...subject('1'), tokenId: id }, `user ${each}`, at);
    drawn.add(secret);
    for (const digit of secret.slice(4, 34)) digits.set(digit, (digits.get(digit) ?? 0) + 1);
  }
  expect(drawn.size).toBe(40);
  // 1200 draws of 62 digits: about 19 of each; one that is missing would be no chance.
  expect(digits.size).toBe(62);
  expect(Math.max(...digits.values())).toBeLessThan(60);
});

test('neither secret nor a digest made without the key stands in the data folder', async () => {
  const { tokens, data } = proofs();
  const { secret } = await tokens.issue(subject('1'), 'alice', at);
  for (const entry of readdirSync(data, { recursive: true, withFileTypes: true })) {
    expect(entry.name).not.toContain(secret);
    if (entry.isFile()) expect(readFileSync(join(entry.parentPath, entry.name)).includes(secret.slice(4))).toBe(false);
  }
  expect(await tokensOf(proofs().open(), Buffer.alloc(32)).verify(plain(secret))).toBeNull();
});

test('the sweep sees ids and expiry of all that have verifiers, whatever was tried meanwhile', async () => {
  const { tokens } = proofs();
  await tokens.verify(plain('spt_unknown'));
  await tokens.issue(subject('1'), 'alice', at);
  await tokens.issue(subject('2'), 'alice', at);
  expect(await tokens.list()).toEqual(
    ['1', '2'].map((last) => ({ tokenId: subject(last).tokenId, expiresAt: subject(last).expiresAt })),
  );
});

test('bearers of logins are a kind of their own', async () => {
  const { tokens, open } = proofs();
  const logins = vaultLoginProofs(open(), installationKey);
  const loginId = streamId('login', '01890000-0000-7000-8000-000000000009');
  const { secret } = await logins.issue(loginId, '2099-01-01T00:00:00.000Z');
  expect(secret).toMatch(/^spl_[0-9A-Za-z]{36}$/);
  expect(await logins.verify(secret)).toBe(loginId);
  expect(await tokens.verify(plain(secret))).toBeNull();
  expect(await logins.list()).toEqual([{ loginId, expiresAt: '2099-01-01T00:00:00.000Z' }]);
  await logins.drop(loginId);
  expect(await logins.verify(secret)).toBeNull();
});
