import { expect, it } from 'vitest';
import { plainAddress } from '../../src/wire/plain-address.ts';

it.each([
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:192.0.2.1', '192.0.2.1'],
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['::ffff:c000:201', '::ffff:c000:201'],
])('%s is %s', (address, plain) => {
  expect(plainAddress(address)).toBe(plain);
});
