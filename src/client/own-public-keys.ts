import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The files of public keys in a person's `.ssh`, certificates left out; those that ssh offers by itself (id_…) if there are any. */
export function ownPublicKeys(home: string): readonly string[] {
  const folder = join(home, '.ssh');
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const keys = names.filter((name) => name.endsWith('.pub') && !name.endsWith('-cert.pub')).sort();
  const usual = keys.filter((name) => name.startsWith('id_'));
  return (usual.length > 0 ? usual : keys).map((name) => join(folder, name));
}
