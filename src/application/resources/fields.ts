import { z } from 'zod';
import { nearest } from '../../domain/kernel/nearest.ts';
import { recordingDuties } from '../../domain/kernel/recording-duty.ts';

/**
 * The building blocks of all schemas. Messages are in our words, follow the path of the field ("spec.address must …")
 * and never quote a value, since it may be a secret.
 */

/** What stands for a field that is there, but of another shape. */
function shape(must: string) {
  return { error: (issue: { readonly input?: unknown }) => wrongShape(issue.input, must) };
}

/** For an input of another shape: what is missing, empty, or what it must be. */
export function wrongShape(input: unknown, must: string): string {
  if (input === undefined) return 'is missing';
  if (input === null) return 'is empty; give it a value or leave the line out';
  return must;
}

/**
 * A map that takes these fields only. `later` are fields of the contract that this version cannot serve yet, `elsewhere`
 * says of others where they belong.
 */
export function fields<S extends z.ZodRawShape>(
  shapeOf: S,
  later: readonly string[] = [],
  elsewhere: Readonly<Record<string, string>> = {},
) {
  return z.strictObject(shapeOf, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ownText(elsewhere, key) ?? unknownField(key, Object.keys(shapeOf), later)).join('\n')
        : wrongShape(issue.input, 'must be a map of fields'),
  });
}

function ownText(texts: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(texts, key) ? texts[key] : undefined;
}

function unknownField(key: string, known: readonly string[], later: readonly string[]): string {
  if (later.includes(key)) return 'is not supported by this version';
  return known.length === 0 ? 'is unknown here' : `is unknown here; did you mean ${nearest(key, known)}?`;
}

const longestText = 4_096;

export const text = z
  .string(shape('must be a text; put it in quotes'))
  .min(1, 'must not be empty')
  .max(longestText, `is longer than ${longestText} characters`);

export const privateKeyText = z
  .string(shape('must be the text of a private key'))
  .min(1, 'must not be empty')
  .max(65_536, 'is longer than 64 KB');

/** A line that people read: no control or invisible characters. */
export const line = text.regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, 'holds control or invisible characters');

export const flag = z.boolean(shape('must be true or false'));

export function list<T extends z.ZodType>(item: T) {
  return z.array(item, shape('must be a list')).max(10_000, 'has more than 10000 entries');
}

export const names = list(line);

/** One of these values. `later` are values of the contract that this version cannot serve yet. */
export function oneOf<const T extends readonly [string, ...string[]]>(values: T, later: readonly unknown[] = []) {
  const must = `must be one of ${values.join(', ')}`;
  return z.enum(values, {
    error: ({ input }) => (later.includes(input) ? 'is not supported by this version' : wrongShape(input, must)),
  });
}

export const recording = oneOf(recordingDuties);

const labelKey = /^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,61}[A-Za-z0-9])?$/;

const labels = z
  .record(
    z.string().regex(labelKey, 'is no label name: letters, digits and . _ / - between them, at most 63'),
    line.max(255, 'is longer than 255 characters'),
    shape('must be a map of labels'),
  )
  .refine((value) => Object.keys(value).length <= 64, 'has more than 64 labels');

export const someLabels = labels.refine((value) => Object.keys(value).length > 0, 'must name at least one label');

/** By what conditions call them: the names that an identity provider has for them. */
export const attributeNames = z
  .record(
    z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, 'is no name for an attribute: a letter, then letters, digits and _'),
    line,
    shape('must be a map of attributes'),
  )
  .refine((value) => Object.keys(value).length <= 20, 'has more than 20 attributes');

export const metadata = fields({ name: line, labels: labels.optional() });
