import { expect, test } from 'vitest';
import { plainAddress } from '../../web/src/app/plain-location.ts';

test('an address of a screen has no slash at its end, which the server refuses', () => {
  expect(plainAddress('/ui/')).toBe('/ui');
  expect(plainAddress('/ui/?q=a/b/')).toBe('/ui?q=a/b/');
  expect(plainAddress('/ui/my/tokens?x=/')).toBe('/ui/my/tokens?x=/');
  expect(plainAddress('/')).toBe('/');
});
