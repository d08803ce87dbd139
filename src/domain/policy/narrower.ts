import { type FileDirections, mayPass, type SshChannels } from './channels.ts';
import { type Grant, strictness } from './evaluate.ts';

/** What a grant lets its session do, and on which terms. */
export type Terms = Pick<Grant, 'recording' | 'channels' | 'maxSessionMilliseconds' | 'idleMilliseconds'>;

/**
 * Whether `after` takes away anything that `before` gave, or asks for more: then a session on the terms of `before` may
 * not go on as it is.
 */
export function isNarrower(before: Terms, after: Terms): boolean {
  return (
    strictness.indexOf(after.recording) < strictness.indexOf(before.recording) ||
    isLess(before.maxSessionMilliseconds, after.maxSessionMilliseconds) ||
    isLess(before.idleMilliseconds, after.idleMilliseconds) ||
    opensLess(before.channels, after.channels)
  );
}

function opensLess(before: SshChannels, after: SshChannels): boolean {
  const pairs = new Set(after.forward.map((pair) => pair.toLowerCase()));
  return (
    (before.shell && !after.shell) ||
    (before.exec && !after.exec) ||
    directions[before.files].some((direction) => !directions[after.files].includes(direction)) ||
    isLess(before.maxFileBytes, after.maxFileBytes) ||
    before.forward.some((pair) => !pairs.has(pair.toLowerCase())) ||
    before.env.some((pattern) => !covers(after, pattern)) ||
    (after.typed && !before.typed)
  );
}

const directions: Readonly<Record<FileDirections, readonly string[]>> = {
  both: ['upload', 'download'],
  upload: ['upload'],
  download: ['download'],
  none: [],
};

/** Null is no limit. */
function isLess(before: number | null, after: number | null): boolean {
  return after !== null && (before === null || after < before);
}

/** Whether every variable that `pattern` lets pass still passes. */
function covers(after: SshChannels, pattern: string): boolean {
  if (!pattern.endsWith('*')) return mayPass(after, pattern);
  return after.env.some((each) => each.endsWith('*') && pattern.startsWith(each.slice(0, -1)));
}
