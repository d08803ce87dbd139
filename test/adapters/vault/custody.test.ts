import {
  chmodSync,
  copyFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { openFileVault } from '../../../src/adapters/vault/file-vault.ts';
import { installationHmacKey, installationKeys } from '../../../src/adapters/vault/installation-keys.ts';
import { loadMasterKey } from '../../../src/adapters/vault/master-key.ts';
import { hmacNameKeys } from '../../../src/adapters/vault/name-keys.ts';
import { recordIdOf, recordPlace } from '../../../src/adapters/vault/record-name.ts';
import { SallyportError } from '../../../src/domain/kernel/errors.ts';
import { count } from '../../kit/counts.ts';
import { tempDir } from '../../kit/temp-dir.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text, 'utf8');
const text = (secret: Uint8Array): string => Buffer.from(secret).toString('utf8');

function custody() {
  const data = tempDir();
  const master = loadMasterKey(data);
  return { data, master, vault: openFileVault(data, master) };
}

function fileOf(data: string, recordId: string): string {
  const place = recordPlace(recordId);
  return join(data, 'vault', 'records', place.shard, place.name);
}

function allFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

test('a secret comes back after a new start, and stands nowhere in the data folder', async () => {
  const { data, vault } = custody();
  await vault.put('credential-1/1', bytes('canary-7f3a91'));
  const again = openFileVault(data, loadMasterKey(data));
  expect(text(await again.open('credential-1/1'))).toBe('canary-7f3a91');
  for (const file of allFiles(data)) expect(readFileSync(file).includes('canary-7f3a91')).toBe(false);
});

test('files are 0600 and folders 0700', async () => {
  const { data, vault } = custody();
  await vault.put('credential-1/1', bytes('x'));
  for (const entry of readdirSync(data, { recursive: true, withFileTypes: true })) {
    const mode = statSync(join(entry.parentPath, entry.name)).mode & 0o777;
    expect(mode).toBe(entry.isDirectory() ? 0o700 : 0o600);
  }
});

test('an existing record is never replaced, also when many try at once', async () => {
  const { vault } = custody();
  const tries = await Promise.allSettled(
    Array.from({ length: 20 }, async (_, which) => {
      await vault.put('one', bytes(String(which)));
      return which;
    }),
  );
  const won = tries.filter((each) => each.status === 'fulfilled');
  expect(won).toHaveLength(1);
  expect(text(await vault.open('one'))).toBe(String(won[0]!.value));
  await expect(vault.put('one', bytes('x'))).rejects.toMatchObject({ kind: 'conflict', code: 'secret-exists' });
});

test('a record moved to another id does not open', async () => {
  const { data, vault } = custody();
  await vault.put('credential-1/1', bytes('a'));
  await vault.put('credential-2/1', bytes('b'));
  copyFileSync(fileOf(data, 'credential-1/1'), fileOf(data, 'credential-2/1'));
  await expect(vault.open('credential-2/1')).rejects.toMatchObject({ kind: 'integrity', code: 'secret-damaged' });
  expect(text(await vault.open('credential-1/1'))).toBe('a');
});

test('each single changed byte, and each cut, is found', async () => {
  const { data, vault } = custody();
  await vault.put('one', bytes('abc'));
  const path = fileOf(data, 'one');
  const good = readFileSync(path);
  for (let at = 0; at < good.length; at += 1) {
    const bad = Buffer.from(good);
    bad[at] = bad[at]! ^ 1;
    writeFileSync(path, bad);
    await expect(vault.open('one')).rejects.toMatchObject({ kind: 'integrity' });
    writeFileSync(path, good.subarray(0, at));
    await expect(vault.open('one')).rejects.toMatchObject({ kind: 'integrity' });
  }
});

test('a destroyed record is gone, its bytes overwritten; an absent one is fine', async () => {
  const { data, vault } = custody();
  await vault.put('one', bytes('abc'));
  const kept = join(data, 'kept');
  // A second name for the same file shows what has become of its bytes.
  const { linkSync } = await import('node:fs');
  linkSync(fileOf(data, 'one'), kept);
  await vault.destroy('one');
  await vault.destroy('one');
  expect(readFileSync(kept).every((byte) => byte === 0)).toBe(true);
  await expect(vault.open('one')).rejects.toMatchObject({ kind: 'absent', code: 'secret-absent' });
});

test('list gives the ids of a prefix and nothing else', async () => {
  const { data, vault } = custody();
  for (const id of ['a/1', 'a/2', 'b/1', 'a.%/Ü']) await vault.put(id, bytes(id));
  writeFileSync(join(dirname(fileOf(data, 'a/1')), '.stray'), '');
  expect(await vault.list('a/')).toEqual(['a/1', 'a/2']);
  expect(await vault.list('')).toEqual(['a.%/Ü', 'a/1', 'a/2', 'b/1']);
});

test('no id leads out of its folder, and every name leads back to its id', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }), (id) => {
      const place = recordPlace(id);
      expect(place.name).toMatch(/^[a-z0-9_%-]+$/);
      expect(recordIdOf(place.name)).toBe(id);
    }),
    { numRuns: count(300, 20_000) },
  );
  for (const id of ['', 'x'.repeat(241), '\ud800']) expect(() => recordPlace(id)).toThrow(/record id/);
});

test('the master key: hex or base64 of 32 bytes, anything else is refused', () => {
  const key = Buffer.alloc(32, 7);
  expect(Buffer.from(loadMasterKey(tempDir(), key.toString('hex')))).toEqual(key);
  expect(Buffer.from(loadMasterKey(tempDir(), key.toString('base64')))).toEqual(key);
  expect(Buffer.from(loadMasterKey(tempDir(), key.toString('base64url')))).toEqual(key);
  for (const bad of [
    '',
    'secret',
    key.subarray(1).toString('hex'),
    `${key.toString('hex')}00`,
    `${key.toString('hex')} `,
  ]) {
    expect(() => loadMasterKey(tempDir(), bad)).toThrow(expect.objectContaining({ code: 'master-key-malformed' }));
  }
});

test('a wrong master key is told at the start, and a lost one is not replaced', () => {
  const { data } = custody();
  const other = Buffer.alloc(32, 1).toString('hex');
  expect(() => loadMasterKey(data, other)).toThrow(expect.objectContaining({ code: 'master-key-wrong' }));
  const path = join(data, 'keys', 'master.key');
  const kept = readFileSync(path);
  writeFileSync(path, other);
  expect(() => loadMasterKey(data)).toThrow(/not the one that .* was sealed under/);
  unlinkSync(path);
  expect(() => loadMasterKey(data)).toThrow(expect.objectContaining({ code: 'master-key-missing' }));
  expect(existsSync(path)).toBe(false);
  writeFileSync(path, kept, { mode: 0o600 });
  loadMasterKey(data);
});

test('sealed records without their key check value are not taken over by another key', () => {
  const { data } = custody();
  unlinkSync(join(data, 'vault', 'master.check'));
  expect(() => loadMasterKey(data)).toThrow(expect.objectContaining({ code: 'master-key-unchecked' }));
});

test('a key file that others can read, or a folder that others can write to, is refused', () => {
  const { data } = custody();
  const path = join(data, 'keys', 'master.key');
  for (const mode of [0o640, 0o604, 0o660]) {
    chmodSync(path, mode);
    expect(() => loadMasterKey(data)).toThrow(expect.objectContaining({ code: 'master-key-exposed' }));
  }
  chmodSync(path, 0o600);
  chmodSync(dirname(path), 0o770);
  expect(() => loadMasterKey(data)).toThrow(expect.objectContaining({ code: 'master-key-exposed' }));
  chmodSync(dirname(path), 0o700);
  loadMasterKey(data);
});

test('a key of the installation is made once, also when several ask at the same time', async () => {
  const { data, master, vault } = custody();
  const keys = installationKeys(vault);
  const got = await Promise.all(Array.from({ length: 5 }, async () => installationHmacKey(keys)));
  const again = await installationHmacKey(installationKeys(openFileVault(data, master)));
  for (const key of got) expect(key).toEqual(again);
  expect(again).toHaveLength(32);
});

test('name keys: one person in all ways to write the name, everything else apart', () => {
  const keys = hmacNameKeys(Buffer.alloc(32, 3));
  const alice = keys.nameKey('user', 'alice');
  expect(alice).toMatch(/^[0-9a-f]{64}$/);
  expect(keys.nameKey('user', 'Alice')).toBe(alice);
  expect(keys.nameKey('user', 'ａｌｉｃｅ')).toBe(alice);
  expect(keys.nameKey('user', 'Jose\u0301')).toBe(keys.nameKey('user', 'josé'));
  expect(keys.nameKey('target', 'Web')).not.toBe(keys.nameKey('target', 'web'));
  expect(keys.nameKey('target', 'alice')).not.toBe(alice);
  expect(hmacNameKeys(Buffer.alloc(32, 4)).nameKey('user', 'alice')).not.toBe(alice);
});

test('a record that is read while it is destroyed is there or gone, and never damaged', async () => {
  const { vault } = custody();
  const seen = new Set<string>();
  for (let at = 0; at < 40; at += 1) {
    const id = `login-proof/${String(at)}`;
    await vault.put(id, Buffer.alloc(2_000, 7));
    const destroyed = vault.destroy(id);
    const over = destroyed.then(() => true);
    do {
      await vault.open(id).then(
        () => seen.add('there'),
        (error: unknown) => seen.add(error instanceof SallyportError ? error.code : String(error)),
      );
    } while (!(await Promise.race([over, new Promise<false>((resolve) => setImmediate(() => resolve(false)))])));
  }
  expect([...seen].sort()).toEqual(['secret-absent', 'there']);
});
