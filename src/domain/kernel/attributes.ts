import { canonicalJson } from './canonical-json.ts';
import { isShredded, type Personal } from './personal.ts';

/**
 * What else a provider says of somebody: values by the name that conditions call them, none where it says nothing. A name
 * whose values cannot be taken as a whole is left out: what reads it is an error, and so a no.
 */
export type Attributes = Readonly<Record<string, readonly string[]>>;

const mostValues = 100;
/** In UTF-16 units. */
const longestValue = 1_024;

/**
 * `sources`: what the provider calls them, by what conditions do. `read` gives null for what is no list of texts. It never
 * makes the report fail: people may write attributes of their own, and would be seen no more as their provider sees them.
 */
export function attributesFrom(
  sources: Readonly<Record<string, string>>,
  read: (source: string) => readonly string[] | null,
): Attributes {
  const taken = Object.entries(sources).flatMap(([name, source]) => {
    const values = read(source);
    return values !== null && isBounded(values) ? [[name, values] as const] : [];
  });
  return Object.fromEntries(taken);
}

function isBounded(values: readonly string[]): boolean {
  return values.length <= mostValues && values.every((value) => value.length <= longestValue);
}

/** For the log. Order and repeats say nothing: one spelling, so that the same report looks the same. */
export function attributesText(attributes: Attributes): string {
  const sets = Object.entries(attributes).map(([name, values]) => [name, [...new Set(values)].sort()] as const);
  return canonicalJson(Object.fromEntries(sets));
}

/** Of the log; nothing is left of somebody shredded. */
export function attributesIn(text: Personal): Attributes {
  return isShredded(text) ? {} : (JSON.parse(text) as Attributes);
}
