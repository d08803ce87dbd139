import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { toYaml } from '../../../src/adapters/yaml/yaml.ts';
import { parseYaml } from '../../../src/adapters/yaml/yaml.ts';
import { checkDocuments } from '../../../src/application/resources/check.ts';
import { openRig, type Rig } from './rig.ts';
import { document, file } from './samples.ts';

const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ format: 'pem', type: 'sec1' })
  .toString();
const core = pem.split('\n')[1]!;

function all(suffix: string): string {
  return file(
    document('User', 'alice', `{password: canary-user-${suffix}}`),
    document('Credential', 'c', `{password: canary-credential-${suffix}}`),
    document('SshKey', 'k', `{username: u, privateKey: ${JSON.stringify(pem)}}`),
    document(
      'IdentityProvider',
      'ldap',
      `{type: ldap, urls: ['ldaps://192.0.2.1'], bindDn: x, userBase: x, bindPassword: canary-bind-${suffix}}`,
    ),
    document(
      'IdentityProvider',
      'oidc',
      `{type: oidc, issuer: 'https://192.0.2.1', clientId: x, clientSecret: canary-client-${suffix}}`,
    ),
  );
}

async function opened(rig: Rig, prefix: string): Promise<string[]> {
  const ids = await rig.deps.vault.list(prefix);
  return Promise.all(ids.map(async (id) => Buffer.from(await rig.deps.vault.open(id)).toString('utf8')));
}

describe('write-only values', () => {
  it('go to custody and nowhere else', async () => {
    const rig = await openRig();
    const applied = await rig.apply(all('one'));
    const shown = await Promise.all(
      (['User', 'Credential', 'SshKey', 'IdentityProvider'] as const).map((kind) => rig.get(kind)),
    );
    const seen = JSON.stringify([applied, shown, await rig.events()]) + toYaml(shown.flat());
    for (const canary of ['canary-user', 'canary-credential', 'canary-bind', 'canary-client', core, '$argon2']) {
      expect(seen).not.toContain(canary);
      expect(rig.everything().includes(canary)).toBe(false);
    }
    expect(await opened(rig, 'secret-credential-')).toEqual(['canary-credential-one']);
    expect((await opened(rig, 'secret-provider-')).sort()).toEqual(['canary-bind-one', 'canary-client-one']);
    const [hash] = await opened(rig, 'secret-user-');
    expect(await rig.deps.passwords.verify(hash!, 'canary-user-one')).toBe(true);
    const [key] = await opened(rig, 'secret-sshkey-');
    expect(JSON.parse(key!)).toEqual({ privateKey: pem, passphrase: null });
  });

  it('are in no checked document', () => {
    const parsed = parseYaml(all('one'));
    const checked = checkDocuments(parsed.ok ? parsed.documents : []);
    expect(JSON.stringify(checked.documents)).not.toContain('canary');
    expect(checked.documents).toHaveLength(5);
  });

  it('act when the thing is made, and later only when asked for', async () => {
    const rig = await openRig();
    await rig.outcomes(all('one'));
    const before = await rig.deps.vault.list('secret-');
    expect(new Set(Object.values(await rig.outcomes(all('two'))))).toEqual(new Set(['unchanged']));
    expect(await rig.deps.vault.list('secret-')).toEqual(before);
    expect(new Set(Object.values(await rig.outcomes(all('two'), true)))).toEqual(new Set(['changed']));
    const after = await rig.deps.vault.list('secret-');
    expect(after).toHaveLength(5);
    expect(after.some((id) => before.includes(id))).toBe(false);
    expect(await opened(rig, 'secret-credential-')).toEqual(['canary-credential-two']);
  });

  it('that are left out keep what stands, even when asked for', async () => {
    const rig = await openRig();
    await rig.outcomes(all('one'));
    const bare = file(
      document('User', 'alice', '{}'),
      document('Credential', 'c', '{}'),
      document('SshKey', 'k', '{username: u}'),
      document('IdentityProvider', 'ldap', "{type: ldap, urls: ['ldaps://192.0.2.1'], bindDn: x, userBase: x}"),
      document('IdentityProvider', 'oidc', "{type: oidc, issuer: 'https://192.0.2.1', clientId: x}"),
    );
    expect(new Set(Object.values(await rig.outcomes(bare, true)))).toEqual(new Set(['unchanged']));
    expect(await rig.deps.vault.list('secret-')).toHaveLength(5);
  });

  it('stay what they are when another field changes', async () => {
    const rig = await openRig();
    await rig.outcomes(all('one'));
    const before = await rig.deps.vault.list('secret-');
    await rig.outcomes(document('Credential', 'c', '{password: other}').replace('"c"}', '"c", labels: {a: b}}'));
    expect(await rig.deps.vault.list('secret-')).toEqual(before);
  });

  it('set no forced change unless mustChange says so', async () => {
    const rig = await openRig();
    await rig.outcomes(
      file(document('User', 'a', '{password: x}'), document('User', 'b', '{password: x, mustChange: true}')),
    );
    const set = (await rig.events()).filter((event) => event.type === 'UserPasswordSet');
    expect(set.map((event) => (event.data as { mustChange: boolean }).mustChange)).toEqual([false, true]);
  });

  it('give a user who has no password yet the one in the file', async () => {
    const rig = await openRig();
    await rig.outcomes(document('User', 'a', '{}'));
    expect(await rig.outcomes(document('User', 'a', '{password: x}'))).toEqual({ 'User a': 'changed' });
    expect(await rig.outcomes(document('User', 'a', '{password: y}'))).toEqual({ 'User a': 'unchanged' });
  });
});

describe('generated keys', () => {
  it.each([
    ['ed25519', 'ssh-ed25519 '],
    ['ecdsa', 'ecdsa-sha2-nistp256 '],
    ['rsa', 'ssh-rsa '],
  ])('%s: made once, and again only when asked for', async (algorithm, type) => {
    const rig = await openRig();
    const text = document('SshKey', 'k', `{username: u, generate: ${algorithm}}`);
    const publicKey = async () => ((await rig.get('SshKey'))[0] as { spec: { publicKey: string } }).spec.publicKey;
    await rig.outcomes(text);
    const first = await publicKey();
    expect(first.startsWith(type)).toBe(true);
    expect(await rig.outcomes(text)).toEqual({ 'SshKey k': 'unchanged' });
    expect(await publicKey()).toBe(first);
    expect(await rig.outcomes(text, true)).toEqual({ 'SshKey k': 'changed' });
    expect(await publicKey()).not.toBe(first);
  });

  it('stand beside neither privateKey nor a foreign publicKey', async () => {
    const rig = await openRig();
    expect(await rig.problems(document('SshKey', 'k', '{username: u, generate: rsa, privateKey: x}'))).toEqual([
      expect.stringContaining('spec.generate: cannot stand beside privateKey'),
    ]);
    expect(
      await rig.problems(document('SshKey', 'k', '{username: u, generate: ed25519, publicKey: ssh-ed25519 AAAA}')),
    ).toEqual([expect.stringContaining('spec.publicKey: does not belong to the private key')]);
  });
});
