import { describe, expect, it } from 'vitest';
import { toYaml } from '../../../src/adapters/yaml/yaml.ts';
import { applyResources } from '../../../src/application/resources/apply.ts';
import { administrator, openRig } from './rig.ts';
import { document, everyKind, everyName, file, hostKey } from './samples.ts';

describe('every kind', () => {
  it('is created, shown without its secrets, and unchanged when applied again as it was or as it is shown', async () => {
    const rig = await openRig();
    const created = await rig.outcomes(everyKind);
    expect(Object.keys(created)).toEqual(everyName.map((each) => each.join(' ')));
    expect(new Set(Object.values(created))).toEqual(new Set(['created']));

    const head = await rig.deps.tools.log.head();
    expect(new Set(Object.values(await rig.outcomes(everyKind)))).toEqual(new Set(['unchanged']));
    for (const [kind, name] of everyName) {
      const shown = await rig.get(kind, name);
      expect(shown).toHaveLength(1);
      expect(await rig.outcomes(toYaml(shown)), kind).toEqual({ [`${kind} ${name}`]: 'unchanged' });
    }
    expect(await rig.deps.tools.log.head()).toBe(head);
  });

  it('reads as it was written', async () => {
    const rig = await openRig();
    await rig.outcomes(everyKind);
    expect(await rig.get('Target')).toEqual([
      {
        apiVersion: 'sallyport/v1',
        kind: 'Target',
        metadata: { name: 'web1', labels: { team: 'ops' } },
        spec: { protocol: 'ssh', address: '[::1]:22', trust: { hostKeys: [hostKey] } },
      },
    ]);
    expect((await rig.get('User')).map((each) => (each as { spec: unknown }).spec)).toEqual([
      { email: 'alice@example.org', groups: ['ops'], roles: ['watcher'], mustChange: true },
    ]);
    expect((await rig.get('Entitlement')).map((each) => (each as { spec: unknown }).spec)).toEqual([
      {
        access: {
          targets: ['web1'],
          accounts: ['root'],
          protocols: ['ssh'],
          rights: ['useCredential', 'accessTarget', 'startSession'],
        },
        conditions: ['office hours'],
        recording: 'required',
        maxSession: '8h',
        idle: '1h30m',
      },
    ]);
    expect((await rig.get('Account', 'root-web1')).map((each) => (each as { spec: unknown }).spec)).toEqual([
      { target: 'web1', username: 'root', credential: { password: 'root-password' } },
    ]);
    expect((await rig.get('Role')).map((each) => (each as { metadata: { name: string } }).metadata.name)).toEqual([
      'admin',
      'auditor',
      'operator',
      'watcher',
    ]);
  });

  it('an entitlement keeps its channels, and shows only what is not the default', async () => {
    const rig = await openRig();
    const written = (channels: string): string =>
      file(
        document('Target', 'web1', '{protocol: ssh, address: "h:22"}'),
        document('Entitlement', 'e', `{access: {targets: [web1], channels: ${channels}}}`),
      );
    const shown = async (): Promise<unknown> =>
      (await rig.get('Entitlement')).map((each) => (each as { spec: { access: unknown } }).spec.access)[0];
    await rig.outcomes(written('{ssh: {shell: true, files: both, forward: [], env: [], typed: false}}'));
    expect(await shown()).toEqual({ targets: ['web1'], rights: ['useCredential', 'accessTarget', 'startSession'] });
    expect(await rig.outcomes(written('{}'))).toMatchObject({ 'Entitlement e': 'unchanged' });

    const whole = `{ssh: {shell: false, exec: false, files: upload, maxFileBytes: 0100MB, typed: true,
      forward: [Db1:5432, '[::1]:80', Db1:5432], env: [TZ, 'LC_*']}}`;
    expect(await rig.outcomes(written(whole))).toMatchObject({ 'Entitlement e': 'changed' });
    expect(await shown()).toMatchObject({
      channels: {
        ssh: {
          shell: false,
          exec: false,
          files: 'upload',
          maxFileBytes: '100MB',
          forward: ['Db1:5432', '[::1]:80'],
          env: ['TZ', 'LC_*'],
          typed: true,
        },
      },
    });
    expect(await rig.outcomes(written(whole))).toMatchObject({ 'Entitlement e': 'unchanged' });
    expect(await rig.outcomes(toYaml(await rig.get('Entitlement')))).toEqual({ 'Entitlement e': 'unchanged' });

    for (const [size, reads] of [
      ['1', 1],
      ['1023', 1023],
      ['1024', '1KiB'],
      ['3000', '3KB'],
      ['2GiB', '2GiB'],
      ['5TB', '5TB'],
    ] as const) {
      await rig.outcomes(written(`{ssh: {maxFileBytes: ${size}}}`));
      expect(await shown()).toMatchObject({ channels: { ssh: { maxFileBytes: reads } } });
      expect(await rig.outcomes(toYaml(await rig.get('Entitlement')))).toEqual({ 'Entitlement e': 'unchanged' });
    }
  });

  it('an entitlement keeps its PostgreSQL channels, and shows only what is not the default', async () => {
    const rig = await openRig();
    const written = (channels: string): string =>
      file(
        document('Target', 'db1', '{protocol: postgres, address: "h:5432"}'),
        document('Entitlement', 'e', `{access: {targets: [db1], channels: {postgres: ${channels}}}}`),
      );
    const shown = async (): Promise<unknown> =>
      (await rig.get('Entitlement')).map((each) => (each as { spec: { access: unknown } }).spec.access)[0];
    await rig.outcomes(written('{readOnly: false, databases: [], objects: {deny: []}, statements: full}'));
    expect(await shown()).toEqual({ targets: ['db1'], rights: ['useCredential', 'accessTarget', 'startSession'] });

    const whole = `{databases: [app, app], readOnly: true, allow: [SELECT, 'copy  to'], deny: [drop],
      objects: {allow: [public.*], deny: [public.salaries, Secret]}, maxRows: 1000, maxBytes: 64MiB,
      notUnderstood: deny, statements: redacted}`;
    expect(await rig.outcomes(written(whole))).toMatchObject({ 'Entitlement e': 'changed' });
    expect(await shown()).toMatchObject({
      channels: {
        postgres: {
          databases: ['app'],
          readOnly: true,
          allow: ['select', 'copy to'],
          deny: ['drop'],
          objects: { allow: ['public.*'], deny: ['public.salaries', 'Secret'] },
          maxRows: 1000,
          maxBytes: '64MiB',
          notUnderstood: 'deny',
          statements: 'redacted',
        },
      },
    });
    expect(await rig.outcomes(written(whole))).toMatchObject({ 'Entitlement e': 'unchanged' });
    expect(await rig.outcomes(toYaml(await rig.get('Entitlement')))).toEqual({ 'Entitlement e': 'unchanged' });

    await rig.outcomes(written('{deny: [do]}'));
    expect(await shown()).toMatchObject({ channels: { postgres: { deny: ['do'] } } });
    expect(JSON.stringify(await shown())).not.toMatch(/readOnly|statements|ssh/);
  });

  it('belongs to one correlation id and to the person who applied it', async () => {
    const rig = await openRig();
    await rig.outcomes(everyKind);
    const events = await rig.events();
    expect(new Set(events.map((event) => event.metadata.correlationId)).size).toBe(1);
    expect(new Set(events.map((event) => JSON.stringify(event.metadata.actor))).size).toBe(1);
    expect(events[0]?.metadata.actor).toMatchObject({ kind: 'user' });
  });
});

describe('the order', () => {
  it('puts what others name before them, wherever it stands in the file', async () => {
    const rig = await openRig();
    await rig.outcomes(everyKind);
    const made = new Set<string>();
    for (const event of await rig.events()) {
      made.add(event.stream);
      if (!event.type.endsWith('Declared')) continue;
      const named =
        JSON.stringify(event.data).match(
          /"(?:user|target|account|credential|sshkey|condition|entitlement)-[0-9a-f-]{36}"/g,
        ) ?? [];
      for (const id of named) expect([...made], event.type).toContain(JSON.parse(id));
    }
    expect(made.size).toBe(2 * everyName.length);
  });
});

describe('two at once', () => {
  it('of one process come one after the other', async () => {
    const rig = await openRig();
    const results = await Promise.all([rig.outcomes(everyKind), rig.outcomes(everyKind)]);
    expect(results.map((each) => [...new Set(Object.values(each))])).toEqual([['created'], ['unchanged']]);
  });

  it('of two processes make each thing once', async () => {
    const rig = await openRig();
    const other = { ...rig.deps, tools: { ...rig.deps.tools, log: { ...rig.deps.tools.log } } };
    await Promise.allSettled([
      rig.outcomes(everyKind),
      applyResources(other, administrator, everyKind, { setSecrets: false }),
    ]);
    await rig.outcomes(everyKind);
    expect(new Set(Object.values(await rig.outcomes(everyKind)))).toEqual(new Set(['unchanged']));
    for (const [kind] of everyName) {
      const names = (await rig.get(kind)).map((each) => (each as { metadata: { name: string } }).metadata.name);
      expect(new Set(names).size).toBe(names.length);
    }
  });
});

describe('a diff', () => {
  it('changes what differs and nothing else', async () => {
    const rig = await openRig();
    await rig.outcomes(everyKind);
    const before = (await rig.events()).length;
    const outcomes = await rig.outcomes(
      everyKind
        .replace('maxSession: 8h', 'maxSession: 30m')
        .replace('email: alice@example.org', 'email: a@example.org, disabled: true'),
    );
    expect(Object.entries(outcomes).filter(([, outcome]) => outcome !== 'unchanged')).toEqual([
      ['Entitlement shell', 'changed'],
      ['User alice', 'changed'],
    ]);
    expect(
      (await rig.events())
        .slice(before)
        .map((event) => event.type)
        .sort(),
    ).toEqual(['EntitlementDeclared', 'UserDisabled', 'UserEmailSet']);
  });

  it('keeps the order of keys and repeats out of it', async () => {
    const rig = await openRig();
    const text = (labels: string, groups: string) =>
      file(
        document('User', 'bob', `{groups: ${groups}}`),
        document('Target', 't', `{protocol: ssh, address: 'h:22'}`).replace('"t"}', `"t", labels: ${labels}}`),
      );
    await rig.outcomes(text('{a: x, b: y}', '[g, h]'));
    expect(await rig.outcomes(text('{b: y, a: x}', '[h, g, h]'))).toEqual({
      'User bob': 'unchanged',
      'Target t': 'unchanged',
    });
  });

  it('finds a user by a name in other case: it is the same login name', async () => {
    const rig = await openRig();
    await rig.outcomes(document('User', 'Alice', '{}'));
    expect(await rig.outcomes(document('User', 'alice', '{disabled: true}'))).toEqual({ 'User alice': 'changed' });
    expect(await rig.get('User')).toHaveLength(1);
  });
});

describe('a wrong document', () => {
  it('anywhere in the file: nothing takes effect', async () => {
    const rig = await openRig();
    const head = await rig.deps.tools.log.head();
    const wrong = [
      document('User', 'a~b', '{}'),
      document('Target', 't', '{protocol: ssh, address: nowhere}'),
      document('Account', 'x', '{target: absent, username: u, credential: {password: root-password}}'),
      document('Condition', 'c', '{expression: "1 +"}'),
      document('SshKey', 'k', '{username: u, privateKey: nonsense}'),
      document('Credential', 'new', '{}'),
      document('User', 'ALICE', '{}'),
    ];
    for (const each of wrong) expect(await rig.problems(file(everyKind, each)), each).toHaveLength(1);
    expect(await rig.deps.tools.log.head()).toBe(head);
    expect(await rig.deps.vault.list('')).toEqual([]);
  });

  it('is refused to whoever may not administer', async () => {
    const rig = await openRig();
    const viewer = {
      userId: 'user-00000000-0000-7000-8000-000000000002',
      userName: 'ann',
      loginId: 'login-00000000-0000-7000-8000-000000000002',
      permissions: ['self', 'audit', 'operate'],
      roles: ['auditor'],
    } as const;
    await expect(applyResources(rig.deps, viewer, everyKind, { setSecrets: false })).rejects.toMatchObject({
      kind: 'denied',
    });
    expect(await rig.events()).toEqual([]);
  });
});

describe('warnings', () => {
  it('say that an approval opens nothing, and that a target needs trust', async () => {
    const rig = await openRig();
    const applied = await rig.apply(
      file(
        document('Target', 't', `{protocol: ssh, address: 'h:22'}`),
        document('Entitlement', 'e', '{access: {targets: [t]}, approval: {by: [bob], any}}'),
      ),
    );
    expect('warnings' in applied && applied.warnings).toEqual([
      expect.stringContaining('Target "t": has no trust, so nothing opens'),
      expect.stringContaining('Entitlement "e": asks for approval'),
    ]);
    expect(await rig.outcomes(toYaml(await rig.get('Entitlement')))).toEqual({ 'Entitlement e': 'unchanged' });
  });

  it.each([
    ['hunter2', '{password: hunter2}'],
    ['Letmein123', '{password: Letmein123, mustChange: true}'],
    ['Alice-Liddell', '{password: Alice-Liddell}'],
    ['White.Rabbit', '{email: white.rabbit@example.org, password: White.Rabbit}'],
  ])('say that people may not choose the password %s, which is set, and not why', async (password, spec) => {
    const rig = await openRig();
    const text = document('User', 'alice-liddell', spec);
    const applied = await rig.apply(text);
    expect(applied).toMatchObject({ changes: [{ outcome: 'created' }] });
    const expected = [
      'User "alice-liddell": the password is set, but people may not choose such a one themselves: it is too short, among those that are guessed first, or the name or address of its owner; set another with `apply --set-secrets`',
    ];
    expect('warnings' in applied && applied.warnings).toEqual(expected);
    expect(JSON.stringify(applied)).not.toContain(password);
    const [secretId] = await rig.deps.vault.list('secret-user-');
    const hash = Buffer.from(await rig.deps.vault.open(secretId!)).toString('utf8');
    expect(await rig.deps.passwords.verify(hash, password)).toBe(true);
    // What is not set is not judged.
    expect(await rig.apply(text)).toMatchObject({ changes: [{ outcome: 'unchanged' }], warnings: [] });
    expect(await rig.apply(text, true)).toMatchObject({ changes: [{ outcome: 'changed' }], warnings: expected });
  });

  it('say nothing of a password that a person could choose', async () => {
    const rig = await openRig();
    const applied = await rig.apply(document('User', 'alice', '{email: a@example.org, password: curiouser and so}'));
    expect(applied).toMatchObject({ changes: [{ outcome: 'created' }], warnings: [] });
  });
});

describe('the last administrator', () => {
  it('is neither disabled nor stripped of the role', async () => {
    const rig = await openRig();
    await rig.outcomes(document('User', 'root', '{roles: [admin]}'));
    for (const spec of ['{roles: [admin], disabled: true}', '{}']) {
      expect(await rig.problems(document('User', 'root', spec))).toEqual([
        expect.stringContaining('no enabled user who may administer'),
      ]);
    }
    const other = document('User', 'other', '{roles: [admin]}');
    expect(await rig.outcomes(file(document('User', 'root', '{}'), other))).toEqual({
      'User root': 'changed',
      'User other': 'created',
    });
  });
});
