import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadMasterKey } from '../../../src/adapters/vault/master-key.ts';
import { openPersonKeys } from '../../../src/adapters/vault/person-keys.ts';
import { tempDir } from '../../kit/temp-dir.ts';

function people() {
  const data = tempDir();
  const master = loadMasterKey(data);
  const files = (): string[] =>
    readdirSync(join(data, 'vault', 'people'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  return { data, master, files, open: () => openPersonKeys(data, master) };
}

test('a person has one key, in every process and after a new start; it is not stored in clear', () => {
  const { open, files } = people();
  const first = open();
  const second = open();
  expect(first.keyFor('user-1', false)).toBeNull();
  const key = first.keyFor('user-1', true)!;
  expect(key).toHaveLength(32);
  expect(second.keyFor('user-1', true)).toEqual(key);
  expect(open().keyFor('user-1', false)).toEqual(key);
  expect(open().keyFor('user-2', true)).not.toEqual(key);
  for (const file of files()) expect(readFileSync(file).includes(Buffer.from(key))).toBe(false);
});

test('a destroyed key is overwritten, stays away for ever and is made for nobody again', () => {
  const { open, files } = people();
  const keys = open();
  keys.keyFor('user-1', true);
  keys.destroy('user-1');
  keys.destroy('user-1');
  keys.destroy('user-never-seen');
  for (const each of [keys, open()]) {
    for (const person of ['user-1', 'user-never-seen']) {
      expect(each.keyFor(person, false)).toBeNull();
      expect(each.keyFor(person, true)).toBeNull();
    }
  }
  expect(files()).toHaveLength(2);
  for (const file of files()) expect(readFileSync(file).every((byte) => byte === 0)).toBe(true);
});

test('a key moved to another person does not open', () => {
  const { open, files } = people();
  const keys = open();
  keys.keyFor('user-1', true);
  const [one] = files();
  const stolen = readFileSync(one!);
  keys.keyFor('user-2', true);
  writeFileSync(files().find((file) => file !== one)!, stolen);
  expect(() => open().keyFor('user-2', false)).toThrow(expect.objectContaining({ code: 'secret-damaged' }));
  expect(open().keyFor('user-1', false)).not.toBeNull();
});
