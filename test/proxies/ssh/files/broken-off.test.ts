import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { OrderedHash, ReorderBudget } from '../../../../src/proxies/ssh/files/ordered-hash.ts';
import { sha256 } from './clients.ts';

const bytes = randomBytes(3_000);

/** Ranges as [offset, length, how much of it came]. */
function hashed(...ranges: readonly (readonly [number, number, number])[]) {
  const hash = new OrderedHash(new ReorderBudget());
  for (const [offset, length, came] of ranges) {
    hash.begin(offset, length);
    // In two pieces, as a cut stream brings them.
    hash.add(bytes.subarray(offset, offset + (came >> 1)));
    hash.add(bytes.subarray(offset + (came >> 1), offset + came));
  }
  return hash.result();
}

const stretch = (from: number, length: number) => ({
  from,
  bytes: length,
  sha256: sha256(bytes.subarray(from, from + length)),
  why: null,
});

test('a connection that ends within a packet: what came is counted and hashed, and no more', () => {
  expect(hashed([0, 1_000, 1_000], [1_000, 1_000, 301])).toEqual(stretch(0, 1_301));
  expect(hashed([0, 1_000, 0])).toMatchObject({ bytes: 0 });
});

test('the same of a packet that came too early', () => {
  expect(hashed([500, 1_000, 301])).toEqual(stretch(500, 301));
  expect(hashed([1_500, 500, 500], [500, 1_000, 301])).toMatchObject({
    bytes: 801,
    sha256: null,
    why: 'parts in between are missing',
  });
  expect(hashed([0, 1_000, 1_000], [0, 1_000, 301])).toMatchObject({ bytes: 1_301, sha256: null });
});
