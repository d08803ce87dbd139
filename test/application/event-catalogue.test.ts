import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { eventCatalogue } from '../../src/application/event-catalogue.ts';

test('the catalogue has every event type of every aggregate, each once', () => {
  const domain = join(import.meta.dirname, '../../src/domain');
  const types = readdirSync(domain, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('events.ts'))
    .flatMap((file) => [
      ...readFileSync(join(domain, file), 'utf8').matchAll(/^\s*(?:export const \w+: .*\{ )?([A-Z]\w+): \{ version:/gm),
    ])
    .map((match) => match[1]);
  expect(types.length).toBeGreaterThan(30);
  expect(new Set(types).size).toBe(types.length);
  for (const type of types) expect(eventCatalogue).toHaveProperty(type!);
});
