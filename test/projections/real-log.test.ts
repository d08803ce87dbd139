import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { openEventLog } from '../../src/adapters/sqlite/event-log.ts';
import { memoryLog } from '../kit/memory-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { catalogue, history, type Step } from './kit/histories.ts';
import { append, appendAll, everything, open } from './kit/open.ts';

test('on the log in SQLite the views are the same as on the log in memory', async () => {
  const folder = tempDir();
  const keys = new Map<string, Uint8Array>();
  const gone = new Set<string>();
  const personKeys = {
    keyFor: (person: string) => {
      if (gone.has(person)) return null;
      const key = keys.get(person) ?? randomBytes(32);
      keys.set(person, key);
      return key;
    },
    destroy: (person: string) => void gone.add(person),
  };
  const signer = { ...generateKeyPairSync('ed25519'), origin: 'sallyport/test' };
  const log = await openEventLog({ folder, catalogue, personKeys, signer });
  onTestFinished(() => log.close());
  const memory = memoryLog(catalogue);
  // What is set on a shredded person can't be sealed any more, and no command would set it.
  const steps = versioned(longHistory().filter(({ event }) => event.type !== 'PersonShredded'));

  const views = await open(log, join(folder, 'views'));
  for (const step of steps) await append(log, step);
  await appendAll(memory, steps);
  await views.caughtUp();
  const expected = await open(memory, join(folder, 'expected'));
  await expected.caughtUp();
  expect(everything(views)).toEqual(everything(expected));
  expect(views.warnings).toEqual([]);
  expect(views.auditTrail.count()).toBe(steps.length);
});

function longHistory(): readonly Step[] {
  const [steps] = fc.sample(
    history.filter((some) => some.length > 60),
    { numRuns: 1, seed: 7 },
  );
  return steps ?? [];
}

/** The same steps, counted anew after some were left out. */
function versioned<S extends { readonly stream: string; readonly expected: number }>(
  steps: readonly S[],
): readonly S[] {
  const versions = new Map<string, number>();
  return steps.map((step) => {
    const expected = versions.get(step.stream) ?? 0;
    versions.set(step.stream, expected + 1);
    return { ...step, expected };
  });
}
