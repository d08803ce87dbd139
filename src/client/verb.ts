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

/** Exactly these positionals, or a usage error that names the missing or surplus one. */
export function positionals(given: Arguments, ...names: readonly string[]): readonly string[] {
  const missing = names[given.positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing`);
  const surplus = given.positionals[names.length];
  if (surplus !== undefined) throw new UsageError(`${surplus} is one argument too many`);
  return given.positionals;
}

const units = { s: 1, m: 60, h: 3600 } as const;

/** `30m`, `8h`, `90s` in seconds. */
export function durationSeconds(text: string, option: string): number {
  const match = /^(\d{1,6})([smh])$/.exec(text);
  if (match === null) throw new UsageError(`${option} ${text} is no duration; write for example 30m or 8h`);
  return Number(match[1]) * units[match[2] as keyof typeof units];
}
