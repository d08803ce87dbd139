import { z } from 'zod';

const units = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

const form = /^(?:(\d{1,4})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?$/;

/** `30m`, `8h`, `1h30m` to milliseconds; null for what is no duration above zero. */
function millisecondsOf(duration: string): number | null {
  const match = form.exec(duration);
  if (match === null) return null;
  const total = units.reduce((sum, [, size], index) => sum + Number(match[index + 1] ?? 0) * size, 0);
  return total > 0 ? total : null;
}

/** Whole seconds as the shortest text that `millisecondsOf` reads back. */
export function durationText(milliseconds: number): string {
  let rest = milliseconds;
  let text = '';
  for (const [unit, size] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}

export const duration = z
  .string({ error: 'must be a duration such as 30m or 8h' })
  .refine((text) => millisecondsOf(text) !== null, 'must be a duration such as 30m or 8h')
  .transform((text) => millisecondsOf(text) ?? 0);
