import { type Channels, type FileDirections, mayPass, type SshChannels } from './channels.ts';
import { type Grant, strictness } from './evaluate.ts';
import { deniesNotUnderstood, type PostgresChannels, statementTexts } from './postgres-channels.ts';
import { wordCovers } from './statement-kinds.ts';

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

function opensLess(before: Channels, after: Channels): boolean {
  return opensLessSsh(before.ssh, after.ssh) || opensLessPostgres(before.postgres, after.postgres);
}

function opensLessSsh(before: SshChannels, after: SshChannels): boolean {
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

function opensLessPostgres(before: PostgresChannels, after: PostgresChannels): boolean {
  return (
    allowsLess(before.databases, after.databases, (one, other) => one === other) ||
    (after.readOnly && !before.readOnly) ||
    allowsLess(before.allow, after.allow, wordCovers) ||
    deniesMore(before.deny, after.deny, wordCovers) ||
    allowsLess(before.objects.allow, after.objects.allow, patternCovers) ||
    deniesMore(before.objects.deny, after.objects.deny, patternCovers) ||
    isLess(before.maxRows, after.maxRows) ||
    isLess(before.maxBytes, after.maxBytes) ||
    (deniesNotUnderstood(after) && !deniesNotUnderstood(before)) ||
    statementTexts.indexOf(after.statements) < statementTexts.indexOf(before.statements)
  );
}

type Covers = (wider: string, narrower: string) => boolean;

/** Empty lists allow everything. */
function allowsLess(before: readonly string[], after: readonly string[], covers: Covers): boolean {
  if (after.length === 0) return false;
  return before.length === 0 || before.some((each) => !after.some((other) => covers(other, each)));
}

function deniesMore(before: readonly string[], after: readonly string[], covers: Covers): boolean {
  return after.some((each) => !before.some((other) => covers(other, each)));
}

/** Whether every object that `narrower` names is one that `wider` names: `app.*` and `t` both cover `app.t`. */
function patternCovers(wider: string, narrower: string): boolean {
  if (wider === narrower) return true;
  const [schema, name] = narrower.split('.');
  return name !== undefined && (wider === `${schema}.*` || (name !== '*' && wider === name));
}

/** Null is no limit. */
function isLess(before: number | null, after: number | null): boolean {
  return after !== null && (before === null || after < before);
}

/** Whether every variable that `pattern` lets pass still passes. */
function covers(after: SshChannels, pattern: string): boolean {
  if (!pattern.endsWith('*')) return mayPass(after, pattern);
  return after.env.some((each) => each.endsWith('*') && pattern.startsWith(each.slice(0, -1)));
}
