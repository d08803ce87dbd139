import type { FileDirection } from '../../../domain/session/events.ts';
import { beginsAsWritten, type CommandWord } from './command-words.ts';

/** `rsync --server` as a client starts it at the far end. */
export interface RsyncCommand {
  readonly direction: FileDirection;
  /** A download that removes what it has fetched. */
  readonly removes: boolean;
  /** An upload whose checksums may give away what the target has: of a byte each, or without a change to anything. */
  readonly reveals: boolean;
}

/**
 * The short options that clients send, in one word: letters that take no value, then what the client can do behind `e`.
 * A letter with a value (`B`, `M`, `T`, `f`, `@`) would swallow the next word; `s` would send options past us in the stream.
 */
const cluster = /^-[vqbunldKmOJyLkWHogDtUNpEAXrcCIRxSz]*(e\d*\.\d*[A-Za-z]*)?$/;

/**
 * The other options that clients from 2.6.9 to 3.3 send and that only say how the files named behind the dot are copied.
 * None takes a value from the next word. Folders beside the files (`--temp-dir`, `--copy-dest` …), lists of files, logs
 * and programs are not among them.
 */
const known = new RegExp(
  `^(-B\\d+|--(${[
    'append',
    '(bwlimit|checksum-seed|timeout)=\\d+',
    'block-size=\\d+',
    '(checksum-choice|compress-choice|iconv)=[\\w.,:+-]+',
    'compress-level=-?\\d+',
    'copy-unsafe-links',
    'delay-updates',
    'delete(-before|-during|-delay|-after|-excluded|-missing-args)?',
    'existing',
    'force',
    'fsync',
    'ignore-(errors|existing|missing-args)',
    '(info|debug)=[A-Za-z0-9,]+',
    'inplace',
    'list-only',
    'log-format=(%i|%i%I|%o|X)',
    '(max|min)-size=[\\w.+-]+',
    'max-alloc=\\w+',
    'max-delete=-?\\d+',
    'mkpath',
    'modify-window=-?\\d+',
    '(no-)?msgs2stderr',
    '(new|old)-compress',
    'no-(implied-dirs|relative|specials|r|W)',
    'numeric-ids',
    'open-noatime',
    'partial',
    'preallocate',
    'remove-(source|sent)-files',
    'safe-links',
    'size-only',
    'skip-compress=[\\w./-]+',
    'specials',
    'stats',
    'suffix=[^/]+',
    'super',
    'use-qsort',
    '(user|group)map=.+',
  ].join('|')}))$`,
  's',
);

/** Null for anything that is not just the far end of copying files, written in the order of rsync's own clients. */
export function rsyncCommand(line: readonly CommandWord[]): RsyncCommand | null {
  const words = line.map(({ text }) => text);
  const isRsync = words[0] === 'rsync' || words[0] === '/usr/bin/rsync';
  const dot = words.indexOf('.');
  if (!isRsync || words[1] !== '--server' || dot === -1 || !line.every(beginsAsWritten)) return null;
  const isDownload = words[2] === '--sender';
  const [short = '-', ...long] = words.slice(isDownload ? 3 : 2, dot);
  const isPattern = line.slice(0, dot).some(({ bare }) => /[*?[]/.test(bare));
  if (isPattern || !cluster.test(short) || !long.every((option) => known.test(option))) return null;
  // Behind the dot rsync still reads options.
  if (words.slice(dot + 1).some((path) => path.startsWith('-'))) return null;
  return {
    direction: isDownload ? 'download' : 'upload',
    removes: long.some((option) => option.startsWith('--remove-')),
    reveals: !isDownload && (/^-[^e]*n/.test(short) || long.some((option) => /^(-B|--block-size=)/.test(option))),
  };
}
