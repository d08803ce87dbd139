import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { hmacNameKeys } from '../../../src/adapters/vault/name-keys.ts';
import { identityIdOf } from '../../../src/application/identities/identity-id.ts';

const keys = hmacNameKeys(randomBytes(32));
const idOf = (provider: string, subject: string) => identityIdOf(keys, provider, subject);

test('an identity is one provider’s one subject, letter for letter, and names neither', () => {
  const id = idOf('corp', 'subject-1');
  expect(id).toMatch(/^identity-[0-9a-f]{64}$/);
  expect(idOf('corp', 'subject-1')).toBe(id);
  const others = [
    idOf('corp2', 'subject-1'),
    idOf('corp', 'Subject-1'),
    idOf('corp', 'subject-1 '),
    idOf('corp","subject', '-1'),
    idOf('corp', 'caf\u00e9'),
    idOf('corp', 'cafe\u0301'),
    identityIdOf(hmacNameKeys(randomBytes(32)), 'corp', 'subject-1'),
  ];
  expect(new Set([id, ...others]).size).toBe(others.length + 1);
});
