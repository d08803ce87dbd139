import { z } from 'zod';

const units = new Map([
  ['TiB', 1024 ** 4],
  ['TB', 1000 ** 4],
  ['GiB', 1024 ** 3],
  ['GB', 1000 ** 3],
  ['MiB', 1024 ** 2],
  ['MB', 1000 ** 2],
  ['KiB', 1024],
  ['KB', 1000],
]);

const form = /^(\d{1,15})([KMGT]i?B)$/;
const notASize = 'must be a size above zero: a number of bytes, or one such as 100MB (10^6) or 100MiB (2^20)';

function bytesOf(size: number | string): number {
  if (typeof size === 'number') return size;
  const [, count, unit = ''] = form.exec(size) ?? [];
  return Number(count) * (units.get(unit) ?? Number.NaN);
}

/** A size as the shortest text or number that `size` reads back. */
export function sizeText(bytes: number): number | string {
  for (const [unit, of] of units) if (bytes % of === 0) return `${bytes / of}${unit}`;
  return bytes;
}

/** `100MB`, `64KiB` or a number, to whole bytes above zero. */
export const size = z
  .union([z.string(), z.number()], { error: notASize })
  .refine((value) => Number.isSafeInteger(bytesOf(value)) && bytesOf(value) > 0, notASize)
  .transform(bytesOf);
