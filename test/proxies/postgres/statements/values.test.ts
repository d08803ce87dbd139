import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readValues } from '../../../../src/proxies/postgres/statements/values.ts';
import { count } from '../../../kit/counts.ts';

const types = [16, 20, 21, 23, 25, 26, 700, 701, 1042, 1043, 2950, 17, 0, 0xffff_ffff];

test('whatever a client binds, each parameter stands in the recording and none is lost', () => {
  const parameters = fc.array(fc.option(fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes))), {
    maxLength: 6,
  });
  const formats = fc.array(fc.integer({ min: -1, max: 2 }), { maxLength: 7 });
  fc.assert(
    fc.property(parameters, formats, fc.array(fc.constantFrom(...types), { maxLength: 7 }), (given, forms, known) => {
      const shown = readValues(given, forms, known);
      expect(shown).toHaveLength(given.length);
      // As it is written down.
      const written = JSON.parse(JSON.stringify(shown)) as readonly unknown[];
      given.forEach((bytes, at) => {
        if (bytes === null) expect(written[at]).toBeNull();
        else expect(written[at]).not.toBeUndefined();
      });
    }),
    { numRuns: count(1_000, 100_000) },
  );
});

test.each<[number, string, unknown]>([
  [16, '01', true],
  [20, 'ffffffffffffffff', '-1'],
  [21, '8000', '-32768'],
  [23, '0000002a', '42'],
  [25, 'c3bc', 'ü'],
  [26, 'ffffffff', '4294967295'],
  [701, '3ff8000000000000', '1.5'],
  [701, '7ff8000000000000', 'NaN'],
  [2950, '00112233445566778899aabbccddeeff', '00112233-4455-6677-8899-aabbccddeeff'],
  // Not of that form, or of no form that says what it is.
  [20, 'ff', { hex: 'ff' }],
  [25, 'ff', { hex: 'ff' }],
  [17, '6869', { hex: '6869' }],
])('type %s: %s', (type, hex, expected) => {
  expect(readValues([Buffer.from(hex, 'hex')], [1], [type])).toEqual([expected]);
});

test('text that is no UTF-8 is kept byte for byte', () => {
  expect(readValues([Buffer.of(0xff), Buffer.from('ü'), null], [], [])).toEqual([{ base64: '/w==' }, 'ü', null]);
});
