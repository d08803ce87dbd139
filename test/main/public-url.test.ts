import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/main/config.ts';
import { publicUrl } from '../../src/main/public-url.ts';

function urlOf(settings: Readonly<Record<string, string>>): string | null {
  return publicUrl(loadConfig({ file: { name: 'config.yaml', value: settings }, environment: {} }));
}

describe('the address of the web in the browser', () => {
  test.each([
    ['nothing set', {}, 'https://localhost:8443'],
    ['an address to listen on', { 'listen.web': '192.0.2.7:9443' }, 'https://192.0.2.7:9443'],
    ['public names', { publicNames: 'Sally.example.org,other' }, 'https://sally.example.org:8443'],
    ['an IPv6 address', { publicNames: '2001:db8::1', 'listen.web': '[::]:443' }, 'https://[2001:db8::1]'],
    ['a port that is mapped', { publicNames: 'a.test', publicUrl: 'https://a.test' }, 'https://a.test'],
    ['a slash at its end', { publicUrl: 'https://A.test:444/' }, 'https://a.test:444'],
    ['the web switched off', { 'listen.web': 'off', publicUrl: 'https://a.test' }, null],
  ])('with %s', (_what, settings, url) => {
    expect(urlOf(settings)).toBe(url);
  });

  test.each(['http://a.test', 'https://a.test/login', 'https://u@a.test', 'https://a.test/?q', 'a.test', 'https://'])(
    'is not %s',
    (text) => {
      expect(() => urlOf({ publicUrl: text })).toThrow(/publicUrl: .* write https:\/\/name/);
    },
  );
});
