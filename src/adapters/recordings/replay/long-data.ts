import { setImmediate } from 'node:timers/promises';
import { sameLength } from './same-length.ts';

type Data = Readonly<Record<string, unknown>>;

/** Characters that are looked through without a pause. */
const slice = 1024 * 1024;
/** What a value that is no text costs of what is left, with its name and its commas. */
const small = 16;

export interface Cut {
  readonly value: Data;
  readonly cut: boolean;
  /** About its length as JSON, in characters. */
  readonly length: number;
}

/** JSON data with at most about so many characters: texts and lists end where no more fits. */
export function cutTo(data: Data, most: number): Cut {
  let left = most;
  let cut = false;
  const kept = (text: string): string => {
    const whole = text.length <= left;
    const some = whole ? text : shortened(text, Math.max(left, 0));
    if (!whole) cut = true;
    left -= some.length;
    return some;
  };
  const within = (value: unknown): unknown => {
    left -= small;
    if (typeof value === 'string') return kept(value);
    if (Array.isArray(value)) return value.filter(fits).map(within);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).filter(fits).map(named));
  };
  let places = most / small;
  const fits = (): boolean => {
    places -= 1;
    if (places < 0) cut = true;
    return places >= 0;
  };
  const named = ([name, value]: [string, unknown]): [string, unknown] => [kept(name), within(value)];
  const value = within(data) as Data;
  return { value, cut, length: most - left };
}

/** A copy: a mere slice would keep all of the text in memory. */
function shortened(text: string, most: number): string {
  return Buffer.from(text.slice(0, most)).toString();
}

/** Whether a text stands in the texts and values of JSON data, whatever its case; long ones are looked through with pauses. */
export async function holds(value: unknown, text: string): Promise<boolean> {
  const wanted = sameLength(text);
  let looked = 0;
  for (const each of leaves(value)) {
    for (let from = 0; from < each.length; from += slice) {
      const part = each.slice(from, from + slice + text.length);
      if (sameLength(part).includes(wanted)) return true;
      looked += part.length;
      if (looked < slice) continue;
      looked = 0;
      await setImmediate();
    }
  }
  return false;
}

function* leaves(value: unknown): Generator<string> {
  if (typeof value === 'object' && value !== null) for (const each of Object.values(value)) yield* leaves(each);
  else if (typeof value === 'string') yield value;
  else if (value !== undefined) yield JSON.stringify(value);
}
