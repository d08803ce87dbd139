import { protocols } from '../domain/kernel/door.ts';
import type { Context } from './context.ts';
import { UsageError } from './errors.ts';

export type VerbOptions = Readonly<
  Record<string, { readonly type: 'string' | 'boolean'; readonly short?: string; readonly help: string }>
>;

export interface Arguments {
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

/** One verb of the command line; `name` may be two words (`token create`). */
export interface Verb {
  readonly name: string;
  /** Positionals as usage shows them: `ID`, `[NAME]`. */
  readonly usage: string;
  readonly summary: string;
  readonly options: VerbOptions;
  run(context: Context, given: Arguments): Promise<void>;
}

export function textOption(given: Arguments, name: string): string | undefined {
  const value = given.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** Exactly these positionals, or a usage error that names the missing, surplus or empty one. */
export function positionals(given: Arguments, ...names: readonly string[]): readonly string[] {
  const missing = names[given.positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  const surplus = given.positionals[names.length];
  if (surplus !== undefined) throw new UsageError(`${surplus} is one argument too many`);
  const empty = names[given.positionals.indexOf('')];
  if (empty !== undefined) throw new UsageError(`${empty} is empty`);
  return given.positionals;
}

const units = { s: 1, m: 60, h: 3600 } as const;

/** `30m`, `8h`, `90s` in seconds. */
export function durationSeconds(text: string, option: string): number {
  const match = /^(\d{1,6})([smh])$/.exec(text);
  if (match === null) throw new UsageError(`${option} ${text} is no duration; write for example 30m or 8h`);
  return Number(match[1]) * units[match[2] as keyof typeof units];
}

/** `ssh,postgres` as the protocols that it names. */
export function protocolsOf(text: string, option: string): readonly string[] {
  const named = text.split(',');
  if (named.every((name) => (protocols as readonly string[]).includes(name))) return named;
  throw new UsageError(`${option} takes ${protocols.join(', ')}`);
}

/** A moment as ISO 8601 with a zone, as it was given. */
export function momentOf(text: string, option: string): string {
  const zoned = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  if (zoned && !Number.isNaN(Date.parse(text))) return text;
  throw new UsageError(`${option} takes a time such as 2026-01-02T03:04:05Z`);
}
