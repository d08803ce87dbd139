import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { keepLogin, type KeptLogin, loginsFile, readLogin } from '../../src/client/logins.ts';
import { tempDir } from '../kit/temp-dir.ts';

const one = new URL('https://one.example:8443');
const two = new URL('https://two.example:8443');
const login = (user: string): KeptLogin => ({ user, bearer: `spl_${user}`, expiresAt: '2026-01-02T03:04:05.678Z' });
const mode = (path: string): number => statSync(path).mode & 0o777;

test('logins lie in the state folder of the person', () => {
  expect(loginsFile({ HOME: '/home/a' })).toBe('/home/a/.local/state/sallyport/logins.json');
  expect(loginsFile({ HOME: '/home/a', XDG_STATE_HOME: '' })).toBe('/home/a/.local/state/sallyport/logins.json');
  expect(loginsFile({ HOME: '/home/a', XDG_STATE_HOME: '/state' })).toBe('/state/sallyport/logins.json');
});

test('one login per server, in a private file and folder, replaced and forgotten one by one', () => {
  const environment = { XDG_STATE_HOME: join(tempDir(), 'state') };
  const file = loginsFile(environment);
  expect(readLogin(environment, one)).toBeNull();
  keepLogin(environment, one, login('alice'));
  keepLogin(environment, two, login('bob'));
  keepLogin(environment, one, login('carol'));
  expect(readLogin(environment, one)).toEqual(login('carol'));
  expect(readLogin(environment, new URL('/graphql', two))).toEqual(login('bob'));
  expect([mode(file), mode(dirname(file))]).toEqual([0o600, 0o700]);
  keepLogin(environment, one, null);
  expect([readLogin(environment, one), readLogin(environment, two)]).toEqual([null, login('bob')]);
  expect(readdirSync(dirname(file))).toEqual(['logins.json']);
});

test('a file that was open to others is private after the next login, one that is broken begins anew', () => {
  const environment = { XDG_STATE_HOME: tempDir() };
  const file = loginsFile(environment);
  mkdirSync(dirname(file));
  for (const text of ['{', '{}', 'null', '5']) {
    writeFileSync(file, text, { mode: 0o644 });
    keepLogin(environment, one, login('alice'));
    expect(mode(file)).toBe(0o600);
    expect(readLogin(environment, one)).toEqual(login('alice'));
  }
});
