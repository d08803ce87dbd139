import type { FileDirection } from '../../../domain/session/events.ts';
import { beginsAsWritten, type CommandWord } from './command-words.ts';

/** `rsync --server` as a client starts it at the far end. */
export interface RsyncCommand {
  readonly direction: FileDirection;
  /** A download that removes what it has fetched. */
  readonly removes: boolean;
}

/** A cluster of short options; behind `e` stands what the client can do. `s` would send options past us in the stream. */
const cluster = /^-[a-df-rt-zA-Z0-9]+(e[0-9.]*[a-zA-Z]*)?$/;

/** Long options that clients pass on and that only say how files are copied. Others (`--log-file`, `--daemon`) are not known. */
const known = new RegExp(
  `^--(${[
    'append(-verify)?',
    'backup-dir=.*',
    'block-size=\\d+',
    'bwlimit=.*',
    'checksum-(seed|choice)=.*',
    'compare-dest=.*',
    'compress-(level|choice)=.*',
    'copy-(dest=.*|unsafe-links|dirlinks|devices)',
    'delay-updates',
    'delete(-before|-during|-delay|-after|-excluded|-missing-args)?',
    '(existing|ignore-existing|ignore-errors|ignore-missing-args|ignore-non-existing)',
    '(fake-super|super|force|fsync|from0|fuzzy|inplace|mkpath|munge-links|numeric-ids|omit-dir-times)',
    'files-from=-',
    'iconv=.*',
    'link-dest=.*',
    '(log-format|out-format|info|debug)=.*',
    '(max|min)-size=.*',
    'max-(delete|alloc)=.*',
    'modify-window=.*',
    'new-compress',
    'no-[a-z-]+',
    'old-compress',
    'one-file-system',
    'open-noatime',
    'partial',
    'partial-dir=.*',
    'preallocate',
    'remove-(source|sent)-files',
    'safe-links',
    'size-only',
    'skip-compress=.*',
    'stats',
    'suffix=.*',
    'temp-dir=.*',
    'timeout=\\d+',
    '(user|group)map=.*',
    'use-qsort',
  ].join('|')})$`,
  's',
);

/** Null for anything that is not just the far end of copying files. */
export function rsyncCommand(line: readonly CommandWord[]): RsyncCommand | null {
  if (!line.every(beginsAsWritten)) return null;
  const [program, first, ...words] = line.map(({ text }) => text);
  if ((program !== 'rsync' && program !== '/usr/bin/rsync') || first !== '--server') return null;
  const dot = words.indexOf('.');
  if (dot === -1) return null;
  const options = words.slice(0, dot);
  const isKnown = (option: string): boolean => option === '--sender' || cluster.test(option) || known.test(option);
  // Behind the dot rsync still reads options.
  if (!options.every(isKnown) || words.slice(dot + 1).some((path) => path.startsWith('-'))) return null;
  const removes = options.some((option) => option.startsWith('--remove-'));
  return { direction: options.includes('--sender') ? 'download' : 'upload', removes };
}
