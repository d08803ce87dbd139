import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Vault } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { cleanScratch, createFile, destroyFile, errno, makeFolderSync } from './durable-files.ts';
import { keyEncryptionKey, openEnvelope, sealEnvelope } from './envelope.ts';
import { recordIdOf, recordPath } from './record-name.ts';

const scratchAge = 3_600_000;

/**
 * Custody in files: one sealed record a file, `<data>/vault/records/<2 hex digits>/<encoded id>`. Several processes
 * may use one folder. `master` comes from `loadMasterKey`.
 */
export function openFileVault(dataFolder: string, master: Uint8Array): Vault {
  const records = join(dataFolder, 'vault', 'records');
  const scratch = join(dataFolder, 'vault', 'scratch');
  guardSync(() => {
    makeFolderSync(records);
    makeFolderSync(scratch);
    cleanScratch(scratch, scratchAge);
  });
  const kek = keyEncryptionKey(master);
  const pathOf = (recordId: string): string => recordPath(records, recordId);
  const label = (recordId: string): string => `record\0${recordId}`;

  return {
    async put(recordId, secret) {
      const path = pathOf(recordId);
      const created = await guard(async () => createFile(path, sealEnvelope(kek, label(recordId), secret), scratch));
      if (created) return;
      throw new SallyportError(
        'conflict',
        'secret-exists',
        `the vault holds a record ${recordId} already; store a new secret under a new id`,
      );
    },
    async open(recordId) {
      const path = pathOf(recordId);
      const sealed = await guard(async () => readIfThere(path));
      // While it is destroyed a record is zeros for a moment: it is gone, and nobody damaged it.
      if (sealed === undefined || (sealed.length > 0 && sealed.every((byte) => byte === 0))) {
        throw new SallyportError('absent', 'secret-absent', `the vault holds no record ${recordId}`);
      }
      return openEnvelope(kek, label(recordId), sealed);
    },
    async destroy(recordId) {
      const path = pathOf(recordId);
      await guard(async () => destroyFile(path));
    },
    async list(prefix) {
      const found: string[] = [];
      await guard(async () => {
        for (const shard of await readdir(records)) {
          for (const name of await readdir(join(records, shard))) {
            const id = recordIdOf(name);
            if (id?.startsWith(prefix) === true) found.push(id);
          }
        }
      });
      return found.sort();
    },
  };
}

/** Reads at once: a record is small, and the way through the thread pool takes longer than the read. */
function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function guard<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw unavailable(cause);
  }
}

function guardSync(work: () => void): void {
  try {
    work();
  } catch (cause) {
    throw unavailable(cause);
  }
}

/** A failure of the file system under custody: nothing was stored or opened. */
export function unavailable(cause: unknown): SallyportError {
  return new SallyportError(
    'unavailable',
    'vault-unavailable',
    `the vault's folder could not be read or written (${errno(cause) ?? 'unknown error'}); check space and rights of <data>/vault`,
    { cause },
  );
}
