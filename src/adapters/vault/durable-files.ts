import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { link, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * Files that are whole or not there: written beside, synced, then linked to their name, which fails when the name is
 * taken (rename would replace in silence), and the folder synced. Folders are 0700, files 0600.
 */

/** Creates a file durably. False when it exists already. */
export async function createFile(path: string, bytes: Uint8Array, scratch: string): Promise<boolean> {
  await makeFolder(dirname(path));
  const temporary = join(scratch, randomUUID());
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporary, path);
  } catch (error) {
    if (errno(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(path));
  return true;
}

/** The same without waiting for others: for what has to answer at once. */
export function createFileSync(path: string, bytes: Uint8Array, scratch: string): boolean {
  makeFolderSync(dirname(path));
  const temporary = join(scratch, randomUUID());
  try {
    const file = openSync(temporary, 'wx', 0o600);
    try {
      writeAllSync(file, bytes);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(temporary, path);
  } catch (error) {
    if (errno(error) === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
  syncFolderSync(dirname(path));
  return true;
}

/** Overwrites a file in place with zeros, durably, and leaves it there. False when it is absent. */
export function eraseFileSync(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'r+');
  } catch (error) {
    if (errno(error) === 'ENOENT') return false;
    throw error;
  }
  try {
    writeAllSync(file, Buffer.alloc(fstatSync(file).size));
    fdatasyncSync(file);
  } finally {
    closeSync(file);
  }
  return true;
}

/** Overwrites a file with zeros and removes it, durably. An absent one is fine. */
export async function destroyFile(path: string): Promise<void> {
  try {
    const file = await open(path, 'r+');
    try {
      const { size } = await file.stat();
      await file.write(Buffer.alloc(size), 0, size, 0);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rm(path, { force: true });
    await syncFolder(dirname(path));
  } catch (error) {
    if (errno(error) !== 'ENOENT') throw error;
  }
}

/** Removes what a killed process left half written. Young files may belong to a process that is at work. */
export function cleanScratch(scratch: string, olderThanMilliseconds: number): void {
  for (const name of readdirSync(scratch)) {
    const path = join(scratch, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (age > olderThanMilliseconds) rmSync(path, { force: true });
  }
}

async function makeFolder(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncFolder(dirname(made));
}

export function makeFolderSync(path: string): void {
  const made = mkdirSync(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) syncFolderSync(dirname(made));
}

export function errno(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function syncFolderSync(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function writeAllSync(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, done);
}
