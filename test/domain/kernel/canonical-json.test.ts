import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../src/domain/kernel/canonical-json.ts';
import { sameJson } from '../../../src/domain/kernel/json.ts';

test('sorts keys, leaves out undefined ones and blanks', () => {
  expect(canonicalJson({ b: [1, null, 'é"'], a: { d: true, c: undefined } })).toBe(
    '{"a":{"d":true},"b":[1,null,"é\\""]}',
  );
});

test('is JSON of the same value, and the same for the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(sameJson(JSON.parse(text), JSON.parse(JSON.stringify(value)))).toBe(true);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
});

test('the order of keys does not count', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.integer()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(turned)).toBe(canonicalJson(value));
    }),
  );
});
