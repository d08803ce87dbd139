import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeTestCa } from '../kit/certificates.ts';
import { providersRig } from './identity-providers-kit.ts';

const folder = join(import.meta.dirname, '../../docs/how-to');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const pages = readdirSync(folder).filter((name) => /^identity-provider-.*\.md$/.test(name));
const examples = pages.flatMap((page) =>
  [...read(page).matchAll(/```yaml\n(.*?)```/gs)].map(
    ([, text = ''], index) => [`${page}, ${index + 1}`, text] as const,
  ),
);
const placeholder = /-----BEGIN CERTIFICATE-----\n *…\n *-----END CERTIFICATE-----/;

test('each kind of provider has its page, and the overview leads to it', () => {
  const names = ['active-directory', 'entra-id', 'keycloak', 'okta', 'openldap', 'saml'];
  expect(pages).toEqual(names.map((name) => `identity-provider-${name}.md`));
  for (const page of pages) expect(read('identity-providers.md')).toContain(`](${page})`);
});

test.each(examples)('%s: the example is taken as it stands', async (_name, text) => {
  const { pem } = await makeTestCa();
  const rig = await providersRig();
  expect(await rig.applied(text.replace(placeholder, pem.trim().replaceAll('\n', '\n      ')))).toEqual(['created']);
});
