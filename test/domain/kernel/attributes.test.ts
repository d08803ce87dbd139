import { expect, test } from 'vitest';
import { attributesFrom, attributesIn, attributesText } from '../../../src/domain/kernel/attributes.ts';
import { shredded } from '../../../src/domain/kernel/personal.ts';

const many = (values: number, characters = 1): readonly string[] =>
  Array.from({ length: values }, () => 'v'.repeat(characters));

test.each([
  ['100 values', many(100), { room: many(100) }],
  ['101 values', many(101), {}],
  ['a value of 1,024 characters', many(1, 1_024), { room: many(1, 1_024) }],
  ['a longer one', ['short', ...many(1, 1_025)], {}],
  ['nothing', [], { room: [] }],
  ['what is no list of texts', null, {}],
] as const)('%s: taken as a whole or left out', (_what, values, attributes) => {
  expect(attributesFrom({ room: 'roomNumber' }, (source) => (source === 'roomNumber' ? values : null))).toEqual(
    attributes,
  );
});

test('one that is left out leaves the others', () => {
  const read = (source: string) => (source === 'b' ? null : [source]);
  expect(attributesFrom({ one: 'a', two: 'b', three: 'c' }, read)).toEqual({ one: ['a'], three: ['c'] });
});

test('the text has one spelling and is read back; of somebody shredded nothing is', () => {
  const text = attributesText({ room: [], department: ['r&d', 'eng', 'r&d'] });
  expect(text).toBe('{"department":["eng","r&d"],"room":[]}');
  expect(attributesText({ department: ['eng', 'r&d'], room: [] })).toBe(text);
  expect(attributesIn(text)).toEqual({ department: ['eng', 'r&d'], room: [] });
  expect(attributesIn(shredded)).toEqual({});
});
