import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../domain/kernel/errors.ts';
import type { Address } from './config.ts';
import { type ConfigKey, environmentName } from './config-keys.ts';

/** Where an installation answers; null: switched off. */
export interface Doors {
  readonly url: string | null;
  /** The address that people's browsers have of the web. */
  readonly publicUrl: string | null;
  readonly ssh: Address | null;
  readonly postgres: Address | null;
  readonly diagnostics: Address | null;
}

const doorsFile = (dataFolder: string): string => join(dataFolder, 'server.json');

/** Left in the data folder for the command line on this machine. */
export function writeDoors(dataFolder: string, doors: Doors): void {
  writeFileSync(doorsFile(dataFolder), `${JSON.stringify(doors)}\n`, { mode: 0o600 });
}

/** What the newest start wrote; undefined when nothing did, or when it can't be read. */
export function readDoors(dataFolder: string): Doors | undefined {
  try {
    return JSON.parse(readFileSync(doorsFile(dataFolder), 'utf8')) as Doors;
  } catch {
    return undefined;
  }
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there; stop it',
  EACCES: 'this user may not listen there; take a port from 1024 up',
  EADDRNOTAVAIL: 'this machine does not have that address; take one it has',
  ENOTFOUND: 'that host name has no address; take one it has',
};

/** Opens a door. What keeps it shut is said in terms of its setting: `unavailable`, code `cannot-listen`. */
export async function opening<T>(key: ConfigKey, { host, port }: Address, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = reasons[code];
    if (reason === undefined) throw error;
    const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    throw new SallyportError(
      'unavailable',
      'cannot-listen',
      `cannot listen on ${place} (${key}): ${reason}, or move this door with ${environmentName(key)}=host:port (off: without it)`,
      { cause: error },
    );
  }
}
