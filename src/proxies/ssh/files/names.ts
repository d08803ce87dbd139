import { posix } from 'node:path';
import { visibleText } from '../../../domain/kernel/visible-text.ts';

/** Longest path in an event, in characters; the recording has it whole. */
const longest = 1024;

/** As the log's own check for secrets (adapters/sqlite/plain-json.ts): an event that holds one is refused. */
const secret =
  /sp[tl]_[0-9A-Za-z]{27,}|-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----|\$argon2(?:id|i|d)\$|PuTTY-User-Key-File-\d/g;

/**
 * A path as one line of visible text: what is not printable, no UTF-8 or a backslash is written as an escape, so that no
 * two paths look the same and none drives a terminal (security rule X1). `bytes` is latin1: every byte a character.
 */
export function visiblePath(bytes: string): string {
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  const isUtf8 = Buffer.from(text, 'utf8').toString('latin1') === bytes;
  const escaped = (isUtf8 ? text : bytes).replaceAll('\\', '\\\\');
  const shown = (isUtf8 ? visibleText(escaped) : escaped.replaceAll(/[^\x20-\x7e]/g, hex)).replaceAll(
    secret,
    '(hidden)',
  );
  return shown.length <= longest ? shown : `${shown.slice(0, longest)}…`;
}

/** The exact bytes of a path, for the recording. */
export function exactPath(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('base64');
}

/**
 * One form of the names that mean the same file whatever folders there are: without `.` and needless slashes. A name with
 * `..` stays as it is: what stands before that may be a link.
 */
export function plainName(path: string): string {
  return /(?:^|\/)\.\.(?:\/|$)/.test(path) ? path : withoutDots(path);
}

/** `path` without `.`, `..` and needless slashes, as if no folder in it were a link. */
export function withoutDots(path: string): string {
  const name = posix.normalize(path);
  return name.length > 1 && name.endsWith('/') ? name.slice(0, -1) : name;
}

/**
 * Whether two names may mean one file, as far as names tell; both without dots. Where a relative name begins only the
 * target knows: it may be the end of an absolute one.
 */
export function maySame(one: string, other: string): boolean {
  if (one === other) return true;
  if (one.startsWith('/') === other.startsWith('/')) return false;
  const [absolute, relative] = one.startsWith('/') ? [one, other] : [other, one];
  return absolute.endsWith(`/${relative.replace(/^(?:\.\.\/)+/, '')}`);
}

function hex(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
