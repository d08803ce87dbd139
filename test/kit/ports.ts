import { mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

// Below 32768, where Linux begins to hand out ephemeral ports, so that no outgoing connection can take one meanwhile.
const FIRST = 20_000;
const COUNT = 12_000;
const CLAIMS = join(tmpdir(), `sallyport-ports-${String(userInfo().uid)}`);

const mine = new Set<number>();
let next = FIRST + ((process.pid * 97) % COUNT);

/**
 * A port on 127.0.0.1 that nothing listens on and that no other call has been given, in this process or in a parallel
 * one: each is claimed by a file that names the process, and given back when that process has ended.
 */
export async function freePort(): Promise<number> {
  mkdirSync(CLAIMS, { recursive: true, mode: 0o700 });
  for (let tries = 0; tries < COUNT; tries += 1) {
    const port = next;
    next = next + 1 < FIRST + COUNT ? next + 1 : FIRST;
    if (!claim(port)) continue;
    if (await canListen(port)) return port;
    release(port);
  }
  throw new Error(`no free port on 127.0.0.1 between ${String(FIRST)} and ${String(FIRST + COUNT)}`);
}

function claim(port: number): boolean {
  if (mine.has(port)) return false;
  const file = claimFile(port);
  if (writeExclusive(file)) {
    mine.add(port);
    return true;
  }
  // A claim of a process that is gone is removed here and taken by a later round: never both in one step, since two
  // processes could then each remove the other's fresh claim.
  const owner = ownerOf(file);
  if (owner !== undefined && !isAlive(owner)) tryUnlink(file);
  return false;
}

function release(port: number): void {
  mine.delete(port);
  tryUnlink(claimFile(port));
}

function claimFile(port: number): string {
  return join(CLAIMS, String(port));
}

function writeExclusive(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The pid in a claim; undefined while it is being written or after it was given back. */
function ownerOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
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

function tryUnlink(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // Another process was faster: the claim is gone, which is all that was wanted.
  }
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.once('error', () => {
      resolve(false);
    });
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

process.once('exit', () => {
  for (const port of mine) tryUnlink(claimFile(port));
});
