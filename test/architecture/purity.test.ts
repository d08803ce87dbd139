import { join } from 'node:path';
import { ESLint, Linter } from 'eslint';
import { parser } from 'typescript-eslint';
import { expect, test } from 'vitest';
import { purity } from '../../eslint.config.js';

const root = join(import.meta.dirname, '../..');

function complaints(code: string): string[] {
  const config = { files: ['**/*.ts'], languageOptions: { parser, globals: { Date: 'readonly', Math: 'readonly' } } };
  const messages = new Linter().verify(code, [{ ...config, rules: purity }], 'src/domain/x.ts');
  expect(messages.filter(({ fatal }) => fatal)).toEqual([]);
  return messages.map(({ ruleId }) => ruleId ?? '');
}

test.each([
  'const t = Date.now();',
  'const t = new Date();',
  'const t = Date();',
  'const n = Math.random();',
  'const id = crypto.randomUUID();',
  'const home = process.env.HOME;',
  "console.log('x');",
  'const t = performance.now();',
  "fetch('http://localhost');",
  'setTimeout(() => 1, 1);',
  'setInterval(() => 1, 1);',
  'setImmediate(() => 1);',
  'queueMicrotask(() => 1);',
  'const d = globalThis.Date;',
  "const f = new Intl.DateTimeFormat('de');",
  'const s = (1).toLocaleString();',
  'async function f() { return 1; }',
  'const f = async () => 1;',
  'await 1;',
  'for await (const x of []) { x; }',
  'const p = new Promise(() => 1);',
  'export default 1;',
])('the domain may not say: %s', (code) => {
  expect(complaints(code)).toHaveLength(1);
});

test('the domain may reckon with a time that it was given', () => {
  expect(complaints('export const later = (at: string) => new Date(Date.parse(at) + 1).toISOString();')).toEqual([]);
});

test('these rules hold in src/domain, and cannot be switched off by a comment', async () => {
  const eslint = new ESLint({ cwd: root });
  const config = await eslint.calculateConfigForFile(join(root, 'src/domain/kernel/ids.ts'));
  for (const [rule, setting] of Object.entries(purity)) {
    const [, ...options] = setting;
    expect(config.rules[rule], rule).toEqual([2, ...options]);
  }
  expect(config.linterOptions.noInlineConfig).toBe(true);
  const elsewhere = await eslint.calculateConfigForFile(join(root, 'src/main/cli.ts'));
  expect(elsewhere.rules['no-restricted-globals']).toBeUndefined();
});
