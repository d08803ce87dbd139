import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clientVariables, configKeys, environmentName, settings } from '../../src/main/config-keys.ts';
import { verbs } from '../../src/main/verbs.ts';

const page = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs/how-to', name), 'utf8');

test('docs/how-to/configuration.md has every setting as it is, and no other', () => {
  const rows = page('configuration.md')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  expect(rows).toEqual(
    configKeys.map((key) => {
      const { kind, default: fallback, help } = settings[key];
      const shown = fallback === null || fallback === '' ? '' : `\`${fallback}\``;
      return `| \`${key}\` | \`${environmentName(key)}\` | ${kind} | ${shown} | ${help} |`;
    }),
  );
});

test('docs/how-to/configuration.md names every variable of the client', () => {
  const text = page('configuration.md');
  expect(clientVariables.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test('docs/how-to/command-line.md names every verb', () => {
  const text = page('command-line.md');
  expect(verbs.map(({ name }) => name).filter((name) => !text.includes(`\`${name}`))).toEqual([]);
});
