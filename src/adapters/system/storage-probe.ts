import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** As much as the next recording chunk or vault record may need at once. */
const probeBytes = 256 * 1024;

/** Rejects when the disk of the folder can't take a new file of some size now; leaves nothing behind. */
export function storageProbe(folder: string): () => Promise<void> {
  const path = join(folder, `probe-${String(process.pid)}`);
  return async () => {
    try {
      const file = await open(path, 'w', 0o600);
      try {
        await file.writeFile(Buffer.alloc(probeBytes, 1));
        await file.datasync();
      } finally {
        await file.close();
      }
    } finally {
      await rm(path, { force: true });
    }
  };
}
