import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../domain/kernel/errors.ts';

/**
 * Makes the folder, private, or takes the one that is there: an empty one or an installation's, never a folder of other
 * things, which would be closed to everybody else. Errors: code `data-folder`.
 */
export function ensureDataFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    refuseForeign(folder);
    chmodSync(folder, 0o700);
  } catch (error) {
    if (error instanceof SallyportError) throw error;
    throw new SallyportError(
      'unavailable',
      'data-folder',
      `cannot use the data folder ${folder}: ${messageOf(error)}; give its path to this user, or name another with --data DIR`,
      { cause: error },
    );
  }
}

/** What may stand in a folder before the first start. */
const marks = ['node-id', 'keys', 'vault', 'log', 'config.yaml', 'process.lock'];

function refuseForeign(folder: string): void {
  const { uid } = statSync(folder);
  if (process.getuid !== undefined && uid !== process.getuid()) {
    throw new SallyportError(
      'denied',
      'data-folder',
      `the data folder ${folder} belongs to another user; run as its owner, or name another with --data DIR`,
    );
  }
  const names = readdirSync(folder).filter((name) => name !== 'lost+found' && !name.startsWith('.'));
  if (names.length === 0 || marks.some((mark) => names.includes(mark))) return;
  throw new SallyportError(
    'denied',
    'data-folder',
    `${folder} holds other things and no installation; name an empty or new folder with --data DIR`,
  );
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export const lockFile = (folder: string): string => join(folder, 'process.pid');

/** The process that runs on this data folder now; null without one. */
export function ownerOf(folder: string): number | null {
  try {
    const owner = Number(readFileSync(lockFile(folder), 'utf8').trim());
    return isSallyport(owner) ? owner : null;
  } catch {
    return null;
  }
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
    return /sallyport|cli\.ts/.test(readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8'));
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
