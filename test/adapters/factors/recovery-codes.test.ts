import { expect, test } from 'vitest';
import { recoveryCodes } from '../../../src/adapters/factors/recovery-codes.ts';

const ours = recoveryCodes(Buffer.alloc(32, 1));

test('a set has ten different codes of 60 bits, each known by its place', () => {
  const { codes, digests } = ours.draw('set');
  expect(new Set(codes).size).toBe(10);
  for (const [place, code] of codes.entries()) {
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
    expect(ours.placeOf('set', digests, code)).toBe(place);
    expect(ours.placeOf('set', digests, code.toLowerCase().replaceAll('-', ' '))).toBe(place);
  }
});

test('every letter of the alphabet is drawn, evenly', () => {
  const counted = new Map<string, number>();
  for (let set = 0; set < 100; set += 1) {
    for (const letter of ours.draw('set').codes.join('').replaceAll('-', ''))
      counted.set(letter, (counted.get(letter) ?? 0) + 1);
  }
  // 12,000 letters: 375 of each, give or take 18.
  expect(counted.size).toBe(32);
  for (const [letter, times] of counted) expect(Math.abs(times - 375), letter).toBeLessThan(150);
});

test('what is easily mistyped is understood', () => {
  const { digests, codes } = ours.draw('set');
  const typed = codes.map((code) => code.replaceAll('0', 'o').replaceAll('1', 'l'));
  expect(typed.map((code) => ours.placeOf('set', digests, code))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('a code of another set, of another installation, cut or longer is none', () => {
  const { digests, codes } = ours.draw('set');
  const [code = ''] = codes;
  expect(ours.placeOf('other', digests, code)).toBeNull();
  expect(recoveryCodes(Buffer.alloc(32, 2)).placeOf('set', digests, code)).toBeNull();
  expect(ours.placeOf('set', ours.draw('set').digests, code)).toBeNull();
  for (const typed of ['', code.slice(0, -1), `${code}0`, '0000-0000-0000']) {
    expect(ours.placeOf('set', digests, typed), typed).toBeNull();
  }
});

test('nothing of a code stands in what is kept', () => {
  const { digests, codes } = ours.draw('set');
  expect(digests).toHaveLength(320);
  const text = Buffer.from(digests).toString('latin1');
  for (const code of codes) expect(text).not.toContain(code.slice(0, 4));
});
