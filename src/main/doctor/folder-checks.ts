import { type Dirent, existsSync, opendirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, ok, problem, warning } from '../../application/finding.ts';

/** More files than this are not looked at one by one. */
const mostFiles = 20_000;

/** Owner and modes (CONTRACT section 3): files 0600, folders 0700, ca.pem 0644. */
export function checkModes(folder: string): Finding {
  const { uid } = statSync(folder);
  const open: string[] = [];
  const foreign: string[] = [];
  let looked = 0;
  for (const path of walk(folder)) {
    looked += 1;
    if (looked > mostFiles) break;
    const found = statSync(path, { throwIfNoEntry: false });
    if (found === undefined) continue;
    const allowed = path === join(folder, 'ca.pem') ? 0o044 : 0;
    if ((found.mode & 0o077 & ~allowed) !== 0) open.push(path);
    if (found.uid !== uid) foreign.push(path);
  }
  if (foreign.length > 0) {
    return problem('modes', `not of the folder's owner: ${some(foreign)}`, `chown -R ${uid} ${folder}`);
  }
  if (open.length > 0) {
    const mend = `chmod -R go= ${folder} && chmod 644 ${join(folder, 'ca.pem')}`;
    return problem('modes', `open to others: ${some(open)}`, mend);
  }
  return ok('modes', `${Math.min(looked, mostFiles)} files and folders are private`);
}

export function checkOwner(folder: string): Finding {
  const { uid } = statSync(folder);
  const own = process.getuid?.();
  if (own === undefined || own === uid) return ok('data folder', folder);
  return warning(
    'data folder',
    `${folder} belongs to user ${uid}, not to you (${own})`,
    `start and mend as user ${uid}`,
  );
}

export function checkMasterKey(folder: string, given: string | undefined): Finding {
  const file = join(folder, 'keys', 'master.key');
  if (given !== undefined) return ok('master key', 'comes from the configuration');
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) {
    const mend = `restore ${file} from the backup, or set SALLYPORT_MASTER_KEY`;
    if (existsSync(join(folder, 'vault', 'master.check'))) return problem('master key', `${file} is missing`, mend);
    return ok('master key', 'is made at the first start');
  }
  if ((found.mode & 0o077) === 0) return ok('master key', 'readable by its owner alone');
  return problem(
    'master key',
    `${file} can be read by others`,
    `chmod 600 ${file}, and think of the key as known to them`,
  );
}

const mebibyte = 1_048_576;

export function checkDisk(folder: string): Finding {
  const { bavail, bsize, files, ffree } = statfsSync(folder);
  const free = Math.floor((bavail * bsize) / mebibyte);
  const mend = 'free space on this file system: a full disk ends sessions and lets nobody in';
  if (free < 100 || (files > 0 && ffree < 1_000)) return problem('disk', `${free} MiB, ${ffree} files are left`, mend);
  if (free < 1_024) return warning('disk', `${free} MiB are left`, mend);
  return ok('disk', `${free} MiB are free`);
}

function some(paths: readonly string[]): string {
  return paths.slice(0, 3).join(', ') + (paths.length > 3 ? ` and ${paths.length - 3} more` : '');
}

/** The folder and all in it, lazily; links are not followed. */
function* walk(folder: string): Generator<string> {
  yield folder;
  const entries = opendirSync(folder);
  try {
    for (let entry: Dirent | null = entries.readSync(); entry !== null; entry = entries.readSync()) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) yield* walk(path);
      else if (!entry.isSymbolicLink()) yield path;
    }
  } finally {
    entries.closeSync();
  }
}
