import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryLog } from '../kit/memory-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { catalogue, type Step, uuid } from './kit/histories.ts';
import { appendAll, open } from './kit/open.ts';

const [id, factorId] = [uuid('user', 1), uuid('factor', 1)];
const words = ['Wilhelmina', 'wilhelmina@example.org', 'second@example.org', 'key-of-wilhelmina'];

function step(expected: number, type: string, data: object, stream: Step['stream'] = id): Step {
  const metadata = {
    at: '2026-01-02T03:04:05.678Z',
    actor: { kind: 'system', nodeId: null },
    correlationId: 'c',
    causationId: null,
  } as const;
  return {
    stream,
    expected,
    event: { id: `01890000-0000-7000-9000-0000000${stream === id ? '1' : '2'}000${expected}`, type, data, metadata },
  };
}

test('a shredded person is in no row and no file of any view, live or rebuilt', async () => {
  const [folder, other] = [tempDir(), tempDir()];
  const factor = { kind: 'webauthn', credentialId: 'c', publicKey: 'p', counter: 0 };
  const log = memoryLog(catalogue);
  const views = await open(log, folder);
  await views.caughtUp();
  const inFiles = (): string[] =>
    words.filter((word) => readdirSync(folder).some((file) => readFileSync(join(folder, file)).includes(word)));

  await appendAll(log, [
    step(0, 'UserCreated', { name: 'Wilhelmina', nameKey: 'key-of-wilhelmina', email: 'wilhelmina@example.org' }),
    step(1, 'UserEmailSet', { email: 'second@example.org' }),
    step(2, 'UserDisabled', {}),
    step(0, 'FactorEnrolled', { userId: id, label: "Wilhelmina's phone", factor }, factorId),
  ]);
  await views.caughtUp();
  expect(views.directory.get(id)).toMatchObject({ name: 'Wilhelmina', email: 'second@example.org', disabled: 1 });
  expect(views.factors.get(factorId)).toMatchObject({ userId: id, kind: 'webauthn' });
  expect(inFiles()).toContain('Wilhelmina');
  // Only the directory holds personal data.
  const holding = readdirSync(folder).filter((file) =>
    words.some((word) => readFileSync(join(folder, file)).includes(word)),
  );
  expect(holding.every((file) => file.startsWith('directory.db'))).toBe(true);

  await appendAll(log, [step(3, 'UserRemoved', {}), step(4, 'PersonShredded', {})]);
  await views.caughtUp();
  const gone = { name: null, nameKey: null, email: null, removed: 1 };
  expect(views.directory.get(id)).toMatchObject(gone);
  expect(inFiles()).toEqual([]);

  const rebuilt = await open(log, other);
  await rebuilt.caughtUp();
  expect(rebuilt.directory.get(id)).toEqual(views.directory.get(id));
});
