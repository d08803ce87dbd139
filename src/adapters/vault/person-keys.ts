import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PersonKeys } from '../../application/ports/vault.ts';
import { createFileSync, eraseFileSync, errno, makeFolderSync } from './durable-files.ts';
import { keyEncryptionKey, openEnvelope, sealEnvelope } from './envelope.ts';
import { unavailable } from './file-vault.ts';
import { recordPath } from './record-name.ts';

const mostInMemory = 50_000;

/**
 * A key per person in `<data>/vault/people`. A destroyed key is overwritten with zeros in place and the file stays as
 * its tombstone, so that no key is ever made for that person again. Each process that may hold the key in memory
 * calls `destroy` (it is harmless twice). Errors: `secret-damaged`, `vault-unavailable`.
 */
export function openPersonKeys(dataFolder: string, master: Uint8Array): PersonKeys {
  const people = join(dataFolder, 'vault', 'people');
  const scratch = join(dataFolder, 'vault', 'scratch');
  guard(() => {
    makeFolderSync(people);
    makeFolderSync(scratch);
  });
  const kek = keyEncryptionKey(master);
  const memory = new Map<string, Uint8Array | null>();

  const pathOf = (person: string): string => recordPath(people, person);
  const remember = (person: string, key: Uint8Array | null): Uint8Array | null => {
    const oldest = memory.keys().next();
    if (memory.size >= mostInMemory && oldest.done !== true) memory.delete(oldest.value);
    memory.set(person, key);
    return key;
  };
  const stored = (person: string): Uint8Array | null | undefined => {
    const sealed = guard(() => readIfThere(pathOf(person)));
    if (sealed === undefined) return undefined;
    if (sealed.every((byte) => byte === 0)) return null;
    return openEnvelope(kek, `person\0${person}`, sealed);
  };

  return {
    keyFor(person, create) {
      const known = memory.get(person);
      if (known !== undefined) return known;
      const found = stored(person);
      if (found !== undefined) return remember(person, found);
      if (!create) return null;
      const sealed = sealEnvelope(kek, `person\0${person}`, randomBytes(32));
      guard(() => createFileSync(pathOf(person), sealed, scratch));
      // Read back: another process may have been first, and then its key counts.
      return remember(person, stored(person) ?? null);
    },
    destroy(person) {
      remember(person, null);
      guard(() => {
        const path = pathOf(person);
        if (eraseFileSync(path) || createFileSync(path, Buffer.alloc(1), scratch)) return;
        eraseFileSync(path);
      });
    },
  };
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function guard<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw unavailable(cause);
  }
}
