import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../domain/kernel/errors.ts';

/** Makes the folder, private; refuses one that others may write to. */
export function ensureDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new SallyportError(
      'unavailable',
      'data-folder',
      `cannot make the data folder ${folder}; name another with --data DIR`,
      {
        cause: error,
      },
    );
  }
  const { uid } = statSync(folder);
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw new SallyportError(
      'denied',
      'data-folder',
      `the data folder ${folder} belongs to another user; run as its owner, or name another with --data DIR`,
    );
  }
  chmodSync(folder, 0o700);
}

/** One process at a time owns a data folder. Gives the function that lets go of it. */
export function lockDataFolder(folder: string): () => void {
  const file = join(folder, 'process.pid');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, `${String(process.pid)}\n`, { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new SallyportError(
          'unavailable',
          'data-folder',
          `cannot write to the data folder ${folder}: ${String(error)}`,
        );
      }
      const owner = Number(readFileSync(file, 'utf8').trim());
      if (isSallyport(owner)) {
        throw new SallyportError(
          'conflict',
          'already-running',
          `an installation runs on ${folder} already (process ${String(owner)}); stop it first, or name another folder with --data DIR`,
        );
      }
      rmSync(file, { force: true });
    }
  }
  throw new SallyportError('conflict', 'already-running', `another process is starting on ${folder}; try again`);
}

/** A process id may have been given to another program since; only one of ours holds the folder. */
function isSallyport(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').includes('cli.ts');
  } catch {
    return true;
  }
}

/** The id of this node: a uuid, made once and kept in the data folder. */
export function nodeUuid(folder: string, newUuid: () => string): string {
  const file = join(folder, 'node-id');
  try {
    writeFileSync(file, `${newUuid()}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
