import { expect, test } from 'vitest';
import { type Welcome, welcome } from '../../src/main/welcome.ts';

const about: Welcome = {
  url: 'https://localhost:8443',
  ssh: { host: 'localhost', port: 2222 },
  postgres: { host: 'localhost', port: 5433 },
  password: 'drawn-once',
  demo: true,
  dataFolder: 'data',
  command: 'npx sallyport',
  hostKeys: '',
  nativeCiphers: true,
};
const text = (changes: Partial<Welcome>): string => welcome({ ...about, ...changes }).join('\n');

test('the first line says that it is ready, the password stands on a line with that word, lines can be pasted', () => {
  expect(text({}).split('\n')[0]).toBe('Sallyport is ready at https://localhost:8443');
  expect(text({})).toMatch(/^.*password: drawn-once .*$/m);
  expect(text({})).toMatch(/^ {2}ssh -p 2222 admin~demo-shell@localhost$/m);
  expect(text({}).split('\n')).toContain(
    '  psql "host=localhost port=5433 user=admin~demo-db sslmode=verify-full sslrootcert=data/ca.pem"',
  );
  expect(text({ password: null })).not.toContain('password:');
  expect(text({ dataFolder: 'my data' })).toMatch(/^ {2}npx sallyport sessions list --data 'my data'$/m);
});

test('without compiled ciphers it says what to install', () => {
  expect(text({})).not.toContain('compiler');
  expect(text({ nativeCiphers: false })).toContain('install a C++ compiler (g++, make, python3), then start again');
});

test('doors that are switched off are not spoken of', () => {
  expect(text({ ssh: null })).not.toContain('ssh -p');
  expect(text({ postgres: null })).not.toContain('psql');
  expect(text({ ssh: null, postgres: null })).not.toContain('token create');
  expect(text({ url: null })).toBe('Sallyport is ready\nFirst admin: admin, password: drawn-once (shown this once)\n');
});
