import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exclusively } from '../adapters/sqlite/exclusively.ts';
import { SallyportError } from '../domain/kernel/errors.ts';
import { lockFile, messageOf, ownerOf } from './data-folder.ts';

/**
 * One process at a time owns a data folder. Gives the function that lets go of it. Looking whether an owner still runs
 * and taking its place are one step: of two starts that find a dead owner one wins.
 */
export function lockDataFolder(folder: string): () => void {
  const file = lockFile(folder);
  let owner: number | null;
  try {
    owner = exclusively(join(folder, 'process.lock'), () => {
      const running = ownerOf(folder);
      if (running === null) writeFileSync(file, `${process.pid}\n`, { mode: 0o600 });
      return running;
    });
  } catch (error) {
    throw new SallyportError(
      'unavailable',
      'data-folder',
      `cannot write to the data folder ${folder}: ${messageOf(error)}; make it writable for this user, or name another with --data DIR`,
      { cause: error },
    );
  }
  if (owner === null) return () => rmSync(file, { force: true });
  throw new SallyportError(
    'conflict',
    'already-running',
    `an installation runs on ${folder} already (process ${owner}); stop it first, or name another folder with --data DIR`,
  );
}
