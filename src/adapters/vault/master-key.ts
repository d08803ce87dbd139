import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { createFileSync, errno, makeFolderSync } from './durable-files.ts';

const keyBytes = 32;

/**
 * The master key of an installation: `given` (from the environment) or `<data>/keys/master.key`, which is made at the
 * first start. Text of 32 bytes in hex or base64. Errors, all of which must keep the process from starting: code
 * `master-key-malformed`; `master-key-exposed` (group or others can get at it); `master-key-missing` (custody exists
 * but its key is gone: a new one would open nothing); `master-key-wrong` (not the key that custody was begun with).
 */
export function loadMasterKey(dataFolder: string, given?: string): Uint8Array {
  const master = given === undefined ? keyFromFile(dataFolder) : parse(given, 'SALLYPORT_MASTER_KEY');
  check(dataFolder, master);
  return master;
}

function keyFromFile(dataFolder: string): Uint8Array {
  const folder = join(dataFolder, 'keys');
  const path = join(folder, 'master.key');
  makeFolderSync(folder);
  if (!existsSync(path)) {
    if (existsSync(checkFile(dataFolder))) {
      throw new SallyportError(
        'unavailable',
        'master-key-missing',
        `${path} is missing, but ${join(dataFolder, 'vault')} was sealed under it; restore the key file or set SALLYPORT_MASTER_KEY`,
      );
    }
    createFileSync(path, Buffer.from(`${randomBytes(keyBytes).toString('hex')}\n`), folder);
  }
  refuseExposed(folder, 0o022);
  refuseExposed(path, 0o077);
  return parse(readFileSync(path, 'utf8').trim(), path);
}

/** Security rule O1: a key that others can read, or put another in place of, is no key. */
function refuseExposed(path: string, forbidden: number): void {
  const { mode, uid } = statSync(path);
  const foreign = process.getuid !== undefined && uid !== process.getuid() && uid !== 0;
  if ((mode & forbidden) === 0 && !foreign) return;
  throw new SallyportError(
    'invalid',
    'master-key-exposed',
    `${path} has mode ${(mode & 0o777).toString(8).padStart(4, '0')} and owner ${uid}: others can read or replace the master key; ` +
      'make it yours (chmod 600 for the file, 700 for the folder), and think of the key as known to them',
  );
}

function parse(text: string, where: string): Uint8Array {
  const encoding = /^[0-9a-f]{64}$/i.test(text) ? 'hex' : /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? 'base64' : undefined;
  const key = encoding === undefined ? undefined : Buffer.from(text, encoding);
  if (key?.length === keyBytes) return new Uint8Array(key);
  throw new SallyportError(
    'invalid',
    'master-key-malformed',
    `the master key in ${where} is not ${keyBytes} bytes in hex (64 digits) or base64 (44 characters)`,
  );
}

const checkFile = (dataFolder: string): string => join(dataFolder, 'vault', 'master.check');

/** The key check value tells a wrong key at the start, not at the first secret that does not open. */
function check(dataFolder: string, master: Uint8Array): void {
  const folder = join(dataFolder, 'vault');
  makeFolderSync(folder);
  const value = checkValue(master);
  const stored = readIfThere(checkFile(dataFolder));
  if (stored === undefined) {
    if (readdirSync(folder).some((name) => name === 'records' || name === 'people')) {
      throw new SallyportError(
        'integrity',
        'master-key-unchecked',
        `${checkFile(dataFolder)} is missing beside sealed records: restore it from a backup of the same folder`,
      );
    }
    if (createFileSync(checkFile(dataFolder), Buffer.from(`${value}\n`), folder)) return;
    check(dataFolder, master);
  } else if (stored.length !== value.length || !timingSafeEqual(Buffer.from(stored), Buffer.from(value))) {
    throw new SallyportError(
      'invalid',
      'master-key-wrong',
      `the master key is not the one that ${folder} was sealed under; give the right key or the folder that belongs to this one`,
    );
  }
}

function checkValue(master: Uint8Array): string {
  const key = new Uint8Array(hkdfSync('sha256', master, new Uint8Array(), 'sallyport master key check v1', keyBytes));
  return createHmac('sha256', key).update('check').digest('hex');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch (error) {
    if (errno(error) === 'ENOENT') return undefined;
    throw error;
  }
}
