import { expect, test } from 'vitest';
import { searchLines } from '../../../src/adapters/recordings/replay/search.ts';
import type { RecordEntry, Walked } from '../../../src/application/ports/recordings.ts';
import { all, output } from './recording-kit.ts';

async function* walked(entries: readonly RecordEntry[]): AsyncGenerator<Walked> {
  for (const [number, entry] of entries.entries()) yield { number, entry };
}

/** Where a text is found: what stands before it, itself, and what stands behind. */
async function found(text: string, ...shown: readonly string[]): Promise<readonly (readonly string[])[]> {
  const records = shown.map((piece, at) => output(at, piece));
  const lines = await all(searchLines(walked(records), { text, most: 10 }));
  const parsed = lines.map((line) => JSON.parse(line) as { before: string; match: string; after: string });
  return parsed.slice(0, -1).map(({ before, match, after }) => [before, match, after]);
}

test('a hit is marked where it stands, also behind letters whose small form is longer', async () => {
  expect(await found('needle', 'İİİ a Needle here')).toEqual([['İİİ a ', 'Needle', ' here']]);
  expect(await found('needle', 'İİ needle İ NEEDLE İ')).toEqual([
    ['İİ ', 'needle', ' İ NEEDLE İ'],
    ['İİ needle İ ', 'NEEDLE', ' İ'],
  ]);
});

test('such a letter is found itself, by either form, also across records', async () => {
  expect(await found('İstanbul', 'to istanbul, İSTANBUL.')).toEqual([
    ['to ', 'istanbul', ', İSTANBUL.'],
    ['to istanbul, ', 'İSTANBUL', '.'],
  ]);
  expect(await found('istanbul', 'İİ to İst', 'anbul İ')).toEqual([['İİ to ', 'İstanbul', ' İ']]);
});

test('every letter keeps its place, whatever its case', async () => {
  const letters = Array.from({ length: 0x1_1000 }, (_, code) => String.fromCodePoint(code)).filter((letter) =>
    /\p{L}/u.test(letter),
  );
  for (let from = 0; from < letters.length; from += 40) {
    const before = letters.slice(from, from + 40).join('');
    const [hit] = await found('<here>', `${before}<HERE>`);
    expect(hit).toEqual([before.slice(-40), '<HERE>', '']);
  }
});
