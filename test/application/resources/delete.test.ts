import { describe, expect, it } from 'vitest';
import { deleteResource } from '../../../src/application/resources/delete.ts';
import { getResources } from '../../../src/application/resources/get.ts';
import { kindNamed } from '../../../src/application/resources/kinds.ts';
import { administrator, openRig } from './rig.ts';
import { document, everyKind, file } from './samples.ts';

describe('delete', () => {
  it('is refused while others refer to the thing, and names them', async () => {
    const rig = await openRig();
    await rig.outcomes(everyKind);
    const refused = async (kind: Parameters<typeof rig.remove>[0], name: string) => {
      const result = await rig.remove(kind, name);
      return result.ok ? 'deleted' : `${result.code}: ${result.message}`;
    };
    expect(await refused('Target', 'web1')).toBe(
      'referred-to: Target "web1" is named by Account "root-web1", Account "deploy-web1", SshKey "deploy", Entitlement "shell"; alter or delete these first',
    );
    expect(await refused('User', 'alice')).toContain('named by Group "ops"');
    expect(await refused('Group', 'ops')).toContain('named by User "alice"');
    expect(await refused('Role', 'watcher')).toContain('named by User "alice"');
    expect(await refused('Credential', 'root-password')).toContain('named by Account "root-web1"');
    expect(await refused('SshKey', 'deploy')).toContain('named by Account "deploy-web1"');
    expect(await refused('Condition', 'office hours')).toContain('named by Entitlement "shell"');
    expect(await refused('Entitlement', 'shell')).toContain('named by Policy "operators"');
    expect(await refused('Role', 'admin')).toContain('built-in');
    expect(await refused('Target', 'absent')).toContain('absent: there is no Target "absent"');
  });

  it('removes, destroys the secret and frees the name for something new', async () => {
    const rig = await openRig();
    const text = file(document('User', 'bob', '{password: one}'), document('Credential', 'c', '{password: one}'));
    await rig.outcomes(text);
    const [first] = (await rig.events()).filter((event) => event.type === 'UserCreated');
    for (const [kind, name] of [
      ['User', 'bob'],
      ['Credential', 'c'],
    ] as const) {
      expect(await rig.remove(kind, name)).toMatchObject({ ok: true });
      expect(await rig.get(kind)).toEqual([]);
    }
    expect(await rig.deps.vault.list('secret-')).toEqual([]);
    expect(new Set(Object.values(await rig.outcomes(text)))).toEqual(new Set(['created']));
    const created = (await rig.events()).filter((event) => event.type === 'UserCreated');
    expect(created).toHaveLength(2);
    expect(created[1]?.stream).not.toBe(first?.stream);
  });

  it('keeps the last administrator', async () => {
    const rig = await openRig();
    await rig.outcomes(document('User', 'root', '{roles: [admin]}'));
    expect(await rig.remove('User', 'root')).toMatchObject({ ok: false, code: 'last-administrator' });
    await rig.outcomes(document('User', 'other', '{roles: [admin]}'));
    expect(await rig.remove('User', 'root')).toMatchObject({ ok: true });
  });

  it('is refused to whoever may not administer', async () => {
    const rig = await openRig();
    await rig.outcomes(document('Group', 'g', '{}'));
    const viewer = { ...administrator, permissions: ['self', 'operate'], roles: ['operator'] } as const;
    await expect(deleteResource(rig.deps, viewer, 'Group', 'g')).rejects.toMatchObject({ kind: 'denied' });
    expect(await rig.get('Group')).toHaveLength(1);
  });
});

describe('get', () => {
  it('shows a narrowed role only what carries its labels, and others nothing', async () => {
    const rig = await openRig();
    await rig.outcomes(everyKind);
    await rig.outcomes(document('Target', 'db1', `{protocol: postgres, address: 'h:5432'}`));
    const viewer = (roles: string[]) => ({ ...administrator, permissions: ['self'] as const, roles });
    const seen = await getResources(rig.deps, viewer(['watcher']), 'Target');
    expect(seen.map((each) => each.metadata.name)).toEqual(['web1']);
    expect(await getResources(rig.deps, viewer(['watcher']), 'Target', 'db1')).toEqual([]);
    await expect(getResources(rig.deps, viewer([]), 'Target')).rejects.toMatchObject({ kind: 'denied' });
    await expect(getResources(rig.deps, viewer(['operator']), 'Target')).rejects.toMatchObject({ kind: 'denied' });
  });

  it('knows kinds as people type them', () => {
    expect(['target', 'Targets', 'ssh-keys', 'sshkey', 'policies', 'ENTITLEMENT'].map(kindNamed)).toEqual([
      'Target',
      'Target',
      'SshKey',
      'SshKey',
      'Policy',
      'Entitlement',
    ]);
    expect(kindNamed('site')).toBeUndefined();
  });
});
