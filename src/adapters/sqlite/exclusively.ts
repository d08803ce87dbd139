import { closeSync, openSync } from 'node:fs';
import Database from 'better-sqlite3';

/** How long to wait for another process, in milliseconds. */
const busyMilliseconds = 5_000;

/**
 * Runs `work` while no other process does so under the same file. The lock is one of the kernel: it is gone with its
 * process, however that ends.
 */
export function exclusively<T>(file: string, work: () => T): T {
  closeSync(openSync(file, 'a', 0o600));
  const database = new Database(file, { timeout: busyMilliseconds });
  try {
    database.exec('BEGIN EXCLUSIVE');
    return work();
  } finally {
    database.close();
  }
}
