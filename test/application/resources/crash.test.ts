import { describe, expect, it } from 'vitest';
import { releaseOrphans } from '../../../src/application/resources/orphans.ts';
import { deep } from '../../kit/counts.ts';
import { openRig, type Rig } from './rig.ts';
import { document, everyKind, file } from './samples.ts';

const few = document('User', 'alice', '{roles: [auditor], password: first-Password-1}');
const text = deep ? everyKind : few;

/** The vault records that events name now, by stream. */
async function namedSecrets(rig: Rig): Promise<string[]> {
  const newest = new Map<string, string>();
  for (const event of await rig.events()) {
    const { secretId } = event.data as { secretId?: string };
    if (secretId !== undefined) newest.set(event.stream, secretId);
    if (/Removed|Withdrawn/.test(event.type)) newest.delete(event.stream);
  }
  return [...newest.values()].sort();
}

async function writesOf(work: (rig: Rig) => Promise<unknown>, before: (rig: Rig) => Promise<unknown>): Promise<number> {
  for (let writes = 0; ; writes += 1) {
    const rig = await openRig();
    await before(rig);
    rig.failAfter(writes);
    try {
      await work(rig);
      await rig.close();
      return writes;
    } catch (error) {
      expect(String(error)).toContain('cut off');
    }
    rig.heal();
    await finish(rig, work);
    await rig.close();
  }
}

async function finish(rig: Rig, work: (rig: Rig) => Promise<unknown>): Promise<void> {
  const named = await namedSecrets(rig);
  expect(await rig.deps.vault.list('secret-')).toEqual(expect.arrayContaining(named));
  await work(rig);
  const events = await rig.events();
  const ids = new Set(events.map((event) => event.stream));
  for (const event of events) {
    if (event.type === 'NameReserved') expect(ids).toContain((event.data as { holder: string }).holder);
  }
  rig.passTime(600_000);
  await releaseOrphans(rig.deps);
  expect(await rig.deps.vault.list('secret-')).toEqual(await namedSecrets(rig));
}

describe('an apply that is cut off at any write', () => {
  it('is finished by applying again: every thing once, every secret in its place', async () => {
    const writes = await writesOf(
      async (rig) => {
        await rig.outcomes(text);
        expect(new Set(Object.values(await rig.outcomes(text)))).toEqual(new Set(['unchanged']));
        expect(await rig.get('User')).toHaveLength(1);
        const set = (await rig.events()).filter((event) => event.type === 'UserPasswordSet');
        expect(set).toHaveLength(1);
      },
      async () => {},
    );
    expect(writes).toBeGreaterThanOrEqual(5);
  });
});

describe('secrets set anew and cut off at any write', () => {
  it('leave the old or the new secret, and never none', async () => {
    const user = deep ? [document('User', 'alice', '{password: first-1}')] : [];
    const pair = file(...user, document('Credential', 'c', '{password: first-2}'));
    const writes = await writesOf(
      (rig) => rig.outcomes(pair.replaceAll('first', 'second'), true),
      (rig) => rig.outcomes(pair),
    );
    expect(writes).toBe(deep ? 6 : 3);
  });
});

describe('a delete that is cut off at any write', () => {
  it('is finished by the next start, and the name is free at once', async () => {
    for (let writes = 0; writes < 3; writes += 1) {
      const rig = await openRig();
      await rig.outcomes(document('Credential', 'c', '{password: first-2}'));
      rig.failAfter(writes);
      await expect(rig.remove('Credential', 'c')).rejects.toThrow('cut off');
      rig.heal();
      expect(await rig.outcomes(document('Credential', 'c', '{password: second-2}'))).toEqual({
        'Credential c': writes === 0 ? 'unchanged' : 'created',
      });
      rig.passTime(600_000);
      await releaseOrphans(rig.deps);
      expect(await rig.deps.vault.list('secret-')).toEqual(await namedSecrets(rig));
      await rig.close();
    }
  });
});

describe('the start', () => {
  it('frees what was reserved for nothing and destroys what nothing names, once it is old enough', async () => {
    const rig = await openRig();
    await rig.outcomes(document('Group', 'stays', '{}'));
    rig.failAfter(1);
    await expect(rig.outcomes(document('Group', 'gone', '{}'))).rejects.toThrow('cut off');
    rig.failAfter(2);
    await expect(rig.outcomes(document('Credential', 'lost', '{password: p}'))).rejects.toThrow('cut off');
    rig.heal();
    expect(await releaseOrphans(rig.deps)).toEqual({ names: 0, secrets: 0 });
    rig.passTime(600_000);
    expect(await releaseOrphans(rig.deps)).toEqual({ names: 2, secrets: 1 });
    expect(await releaseOrphans(rig.deps)).toEqual({ names: 0, secrets: 0 });
    const released = (await rig.events()).filter((event) => event.type === 'NameReleased');
    expect(released.map((event) => (event.data as { reason: string }).reason)).toEqual(['orphaned', 'orphaned']);
    expect(await rig.outcomes(document('Group', 'gone', '{}'))).toEqual({ 'Group gone': 'created' });
  });
});
