import { expect, test } from 'vitest';
import { tells } from '../../../src/application/system-access/tells.ts';

const secret = 'p/ss wörd>>?~!';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  ['as it is', `no: ${secret}!`],
  ['in an address', `at https://id.example.org/?secret=${encodeURIComponent(secret)}`],
  ['in an address, in small digits', encodeURIComponent(secret).replace(/%../g, (octet) => octet.toLowerCase())],
  ['in a form', new URLSearchParams({ a: 'b', client_secret: secret, c: 'd' }).toString()],
  ['in base64', `got ${base64(secret)}.`],
  ['in base64 for addresses', `got ${Buffer.from(secret).toString('base64url')}.`],
  ...['', 'a', 'ab', 'abc', 'abcd'].map((id) => [`behind "${id}:"`, `Basic ${base64(`${id}:${secret}`)}`]),
  ['behind a name, as a form writes it', base64(`sallyport:${encodeURIComponent(secret)}`)],
  ['in the middle', base64(`{"secret":"${secret}","more":1}`)],
])('a secret is told %s', (_how, text) => {
  expect(tells(text, secret)).toBe(true);
});

test('other texts tell none, and a secret that stands in every text is not looked for', () => {
  const texts = ['the provider refuses this client', base64('sallyport:another one'), encodeURIComponent('p/ss wörd')];
  expect(texts.map((text) => tells(text, secret))).toEqual([false, false, false]);
  expect(tells('the client', 'the')).toBe(false);
});
