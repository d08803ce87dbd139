/**
 * Personal data in events. In memory a personal field is plain text; the log adapter seals it under the key of the
 * person on append and opens it on read. Once the key is destroyed the field arrives as `Shredded`.
 * No decision may depend on a personal field.
 */
export interface Shredded {
  readonly shredded: true;
}

export type Personal = string | Shredded;

export const shredded: Shredded = { shredded: true };

export function isShredded(value: unknown): value is Shredded {
  return typeof value === 'object' && value !== null && 'shredded' in value;
}

/** The text of a personal field for showing it to people; a shredded one reads `(shredded)`. */
export function personalText(value: Personal): string {
  return typeof value === 'string' ? value : '(shredded)';
}
