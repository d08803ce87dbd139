import { expect, test } from 'vitest';
import { shellWord, type Welcome, welcome } from '../../src/main/welcome.ts';
import { runProcess } from '../kit/process.ts';

const about: Welcome = {
  url: 'https://localhost:8443',
  ssh: { host: 'localhost', port: 2222 },
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
  expect(text({ password: null })).not.toContain('password:');
  expect(text({ dataFolder: 'my data' })).toMatch(/^ {2}npx sallyport sessions list --data 'my data'$/m);
});

test('without compiled ciphers it says what to install', () => {
  expect(text({})).not.toContain('compiler');
  expect(text({ nativeCiphers: false })).toContain('install a C++ compiler (g++, make, python3), then start again');
});

test('doors that are switched off are not spoken of', () => {
  expect(text({ ssh: null })).not.toContain('ssh -p');
  expect(text({ url: null })).toBe('Sallyport is ready\nFirst admin: admin, password: drawn-once (shown this once)\n');
});

test('a path is one word for a shell, whatever stands in it', async () => {
  const path = `/a b/it's $HOME/"x"\\`;
  expect((await runProcess('/bin/sh', ['-c', `printf %s ${shellWord(path)}`])).stdout).toBe(path);
});
