import { mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { deep } from './counts.ts';

/** Folders in memory on Linux, and what has to be free there and in all: containers often have 64 MiB of them. */
const memory = '/dev/shm';
const roomBytes = 4 * 1024 ** 3;

/**
 * What syncs each write waits for its disk most of the time, and on a busy machine ten times as long. So test data lies in
 * memory where there is room; in `npm run test:deep` it lies on disk.
 */
const root = !deep && hasRoom() ? memory : tmpdir();
sweep();

/** A new empty folder, 0700, removed when the running test has ended. Only inside a test. */
export function tempDir(): string {
  const { path, remove } = makeTempDir();
  onTestFinished(remove);
  return path;
}

/** The same for `beforeAll` and scripts, where the caller removes it. */
export function makeTempDir(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(root, `sallyport-${process.pid}-`));
  return {
    path,
    remove: () => {
      rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function hasRoom(): boolean {
  try {
    const mounts = readFileSync('/proc/mounts', 'utf8').split('\n');
    const [, , type, options = ''] = mounts.find((line) => line.split(' ')[1] === memory)?.split(' ') ?? [];
    // Peers run scripts in their home folders.
    if (type !== 'tmpfs' || /\b(noexec|ro)\b/.test(options)) return false;
    const { bavail, bsize } = statfsSync(memory);
    return Math.min(bavail * bsize, process.availableMemory()) >= roomBytes;
  } catch {
    return false;
  }
}

/** Removes what tests left that were killed: the pid in the name tells whether they still run. */
function sweep(): void {
  for (const name of readdirSync(root)) {
    const pid = /^sallyport-(\d+)-\w{6}$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      rmSync(join(root, name), { recursive: true, force: true });
    } catch {
      // Another user's, or being removed by another test.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
