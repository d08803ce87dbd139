import { beginsAsWritten, type CommandWord } from './command-words.ts';
import type { FileDirection } from '../../../domain/session/events.ts';

/** `scp` as the far end of a transfer in the old protocol. */
export interface ScpCommand {
  readonly direction: FileDirection;
  readonly paths: readonly string[];
  /** The far end was told that its path is a folder. */
  readonly intoFolder: boolean;
}

const flags = /^-[rpdvqtf]+$/;

/**
 * Reads `scp -t PATH` (upload) and `scp -f PATH…` (download) as clients send them; null for anything else, and for a word
 * that may become an option at the target.
 */
export function scpCommand(line: readonly CommandWord[]): ScpCommand | null {
  if (!line.every(beginsAsWritten)) return null;
  const [program, ...words] = line.map(({ text }) => text);
  if (program !== 'scp' && program !== '/usr/bin/scp') return null;
  let letters = '';
  let at = 0;
  for (let word = words[at]; word?.startsWith('-') === true; word = words[at]) {
    at += 1;
    if (word === '--') break;
    if (!flags.test(word)) return null;
    letters += word;
  }
  const paths = words.slice(at);
  const [to, from] = [letters.includes('t'), letters.includes('f')];
  if (to === from || paths.length === 0 || (to && paths.length > 1)) return null;
  // Where the file would lie, a pattern does not say.
  if (to && line.some(({ bare }) => /[*?[]/.test(bare))) return null;
  const [path = ''] = paths;
  const intoFolder = letters.includes('d') || path.endsWith('/') || path === '.' || path === '..';
  return { direction: to ? 'upload' : 'download', paths, intoFolder };
}

/**
 * Where a file lies that is named `names` (folders, then its own name) in the stream. Whether the path of an upload is a
 * folder only the target knows: then what may follow stands in brackets.
 */
export function scpPath({ direction, paths, intoFolder }: ScpCommand, names: readonly string[]): string {
  const below = names.join('/');
  const [path = ''] = paths;
  if (direction === 'upload') {
    if (intoFolder) return `${withoutSlashes(path)}/${below}`;
    return path === below || path.endsWith(`/${below}`) ? path : `${path}[/${below}]`;
  }
  const named = withoutSlashes(path);
  const cut = named.lastIndexOf('/') + 1;
  const [folder, last] = [named.slice(0, cut), named.slice(cut)];
  const isIt = last === names[0] || /[*?[]/.test(last);
  return paths.length > 1 || /[*?[]/.test(folder) || !isIt ? below : `${folder}${below}`;
}

/** Without those at its end, in time that grows with the length alone. */
function withoutSlashes(path: string): string {
  let end = path.length;
  while (path.charAt(end - 1) === '/') end -= 1;
  return path.slice(0, end);
}
