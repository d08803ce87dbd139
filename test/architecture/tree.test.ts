import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

function files(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

test('no file in src has more than 300 lines', () => {
  const source = files('src');
  expect(source.length).toBeGreaterThan(25);
  expect(source.filter((file) => read(file).split('\n').length > 301)).toEqual([]);
});

test('files are named in kebab-case, and none is a barrel', () => {
  const code = [...files('src'), ...files('test'), ...files('scripts')].filter((file) => /\.(ts|mjs)$/.test(file));
  const odd = code.filter(
    (file) => !/\/[a-z0-9]+(-[a-z0-9]+)*(\.test|\.d)?\.(ts|mjs)$/.test(file) || file.includes('/index.'),
  );
  expect(odd).toEqual([]);
});

test('the lockfile names no download address, every package by its hash, and one graphql', () => {
  const text = read('package-lock.json');
  expect(text).not.toMatch(/"resolved"|registry\./);
  const { packages } = JSON.parse(text) as { packages: Record<string, { version?: string; integrity?: string }> };
  const installed = Object.entries(packages).filter(([path]) => path !== '');
  expect(installed.length).toBeGreaterThan(100);
  // Packages that come inside of another one's archive are covered by its hash.
  const unhashed = installed.filter(([, entry]) => entry.integrity === undefined && !('inBundle' in entry));
  expect(unhashed.map(([path]) => path)).toEqual([]);
  expect(installed.map(([path]) => path).filter((path) => path.endsWith('node_modules/graphql'))).toHaveLength(1);
});

test('the lockfile has the packages of every platform, or npm ci refuses it', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const names = new Set(Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)));
  const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((name) => !names.has(name))).toEqual([]);
});

test('every package is asked for in one exact version', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const ranges = Object.entries({ ...dependencies, ...devDependencies }).filter(([, v]) => !/^\d+\.\d+\.\d+$/.test(v));
  expect(ranges).toEqual([]);
});

test('no two decisions share a number, and the list in their README links each', () => {
  const decisions = readdirSync(join(root, 'docs/decisions')).filter((name) => /^\d/.test(name));
  const numbers = decisions.map((name) => name.slice(0, 4));
  expect(new Set(numbers).size).toBe(numbers.length);
  const list = read('docs/decisions/README.md');
  const unlinked = decisions.filter((name) => !list.includes(`](${name})`));
  expect(unlinked, 'add a line for each to docs/decisions/README.md').toEqual([]);
});
