import { expect, test } from 'vitest';
import { namesOf, openAdministration } from './administration-kit.ts';

const target = (name: string, labels = ''): string =>
  `apiVersion: sallyport/v1\nkind: Target\nmetadata: {name: ${name}, labels: {${labels}}}\nspec: {protocol: ssh, address: "${name}.example.org:22"}\n`;
const list = `query($kind: ResourceKind!, $search: String, $first: Int, $after: String) {
  resources(kind: $kind, search: $search, first: $first, after: $after) {
    edges { node { id kind name labels document yaml hasSecret declaredAt referrers { edges { node { kind name } } } } } pageInfo { hasNextPage endCursor } } }`;
const nodesOf = (connection: { edges: { node: unknown }[] }): unknown[] => connection.edges.map(({ node }) => node);
const apply = `mutation($input: ApplyResourcesInput!) {
  applyResources(input: $input) { results { kind name change before after } warnings errors { code message line column } } }`;

test('resources of a kind come by name, page by page, with what refers to them, and never with a secret', async () => {
  const { data, house } = await openAdministration();
  await house.apply(['a1', 'c3', 'b2'].map((name) => target(name, 'env: Prod')).join('---\n'));
  const names: string[] = [];
  let after: string | null = null;
  do {
    const { resources } = await data(list, { kind: 'Target', first: 3, after });
    names.push(...namesOf(resources));
    after = resources.pageInfo.hasNextPage ? resources.pageInfo.endCursor : null;
  } while (after !== null);
  expect(names).toEqual(['a1', 'b2', 'box', 'c3']);
  const found = async (kind: string, search: string): Promise<string[]> =>
    namesOf((await data(list, { kind, search })).resources);
  expect(await found('Target', 'PROD example')).toEqual(['a1', 'b2', 'c3']);
  expect(await found('Target', 'b2.example')).toEqual(['b2']);
  expect(await found('Target', 'prod box')).toEqual([]);
  expect(await found('Role', '')).toEqual(['admin', 'auditor', 'operator']);
  expect(await found('Role', 'audit')).toEqual(['auditor']);
  const one = await data(list, { kind: 'Role', first: 1 });
  const next = await data(list, { kind: 'Role', first: 5, after: one.resources.pageInfo.endCursor });
  expect(namesOf(next.resources)).toEqual(['auditor', 'operator']);
  const box = (await data(list, { kind: 'Target', search: 'box' })).resources.edges[0].node;
  expect(nodesOf(box.referrers)).toEqual(
    expect.arrayContaining([
      { kind: 'Account', name: 'box' },
      { kind: 'Entitlement', name: 'box' },
    ]),
  );
  expect(box.yaml).toContain('address: 127.0.0.1:22');
  expect(box.hasSecret).toBe(false);
  const credential = (await data(list, { kind: 'Credential' })).resources.edges[0].node;
  expect([credential.name, credential.hasSecret]).toEqual(['box', true]);
  const everything = JSON.stringify([await data(list, { kind: 'Credential' }), await data(list, { kind: 'User' })]);
  expect(everything).toContain('alice');
  expect(everything).not.toMatch(/secret on the box|a long enough password|secret-credential|argon/);
});

test('what is shown as YAML is applied unchanged; a dry run says what would change, and changes nothing', async () => {
  const { data, house } = await openAdministration();
  const one = 'query($name: String!) { resource(kind: Target, name: $name) { yaml document } }';
  const { resource } = await data(one, { name: 'box' });
  const events = async (): Promise<number> => (await house.events('TargetDeclared')).length;
  const before = await events();
  const wish = (documents: string, dryRun: boolean) => ({ input: { documents, dryRun } });
  expect((await data(apply, wish(resource.yaml, false))).applyResources).toMatchObject({
    results: [
      { kind: 'Target', name: 'box', change: 'unchanged', before: resource.document, after: resource.document },
    ],
    errors: [],
  });
  const changed = `${String(resource.yaml).replace('127.0.0.1:22', '127.0.0.1:23')}---\n${target('new')}`;
  const dry = (await data(apply, wish(changed, true))).applyResources;
  expect(dry.results).toMatchObject([
    {
      name: 'box',
      change: 'changed',
      before: { spec: { address: '127.0.0.1:22' } },
      after: { spec: { address: '127.0.0.1:23' } },
    },
    { name: 'new', change: 'created', before: null, after: { spec: { protocol: 'ssh' } } },
  ]);
  expect(dry.warnings).toEqual([expect.stringContaining('has no trust')]);
  expect(await events()).toBe(before);
  expect((await data(one, { name: 'new' })).resource).toBeNull();
  expect((await data(apply, wish(changed, false))).applyResources).toEqual(dry);
  expect(await events()).toBe(before + 2);
  const key =
    'apiVersion: sallyport/v1\nkind: SshKey\nmetadata: {name: k}\nspec: {username: root, generate: ed25519}\n';
  const drawn = (await data(apply, wish(key, true))).applyResources.results[0];
  expect([drawn.change, drawn.after.spec.username, drawn.after.spec.publicKey]).toEqual(['created', 'root', undefined]);
  const wrong = (await data(apply, wish(changed.replace('protocol: ssh', 'protocl: ssh'), false))).applyResources;
  expect(wrong).toMatchObject({
    results: [],
    errors: [{}, { code: 'invalid-resource', line: 7, column: 3, message: expect.stringContaining('protocol') }],
  });
  const tooLong = await (await openAdministration()).run(apply, wish('#'.repeat(110_000), true));
  expect([tooLong.status, tooLong.body]).toEqual([413, expect.stringContaining('sallyport apply')]);
});

test('deleting names what stands against it; whoever does not administer may do and see none of this', async () => {
  const { data, run } = await openAdministration();
  const remove =
    'mutation($input: DeleteResourceInput!) { deleteResource(input: $input) { deleted errors { code message } } }';
  const wish = (kind: string, name: string) => ({ input: { kind, name } });
  expect((await data(remove, wish('Credential', 'box'))).deleteResource).toMatchObject({
    deleted: false,
    errors: [{ code: 'referred-to', message: expect.stringContaining('Account "box"') }],
  });
  expect((await data(remove, wish('Policy', 'everybody'))).deleteResource).toEqual({ deleted: true, errors: [] });
  expect((await data(remove, wish('Policy', 'everybody'))).deleteResource.errors[0].code).toBe('absent');
  const asked: readonly (readonly [string, unknown])[] = [
    [list, { kind: 'User' }],
    ['{ resource(kind: User, name: "alice") { name } }', {}],
    [remove, wish('User', 'alice')],
    [apply, { input: { documents: target('mine') } }],
  ];
  for (const as of ['spl_user', 'spl_auditor', 'spl_operator']) {
    for (const [query, variables] of asked) {
      expect((await run(query, variables, as)).json.errors?.[0]?.extensions.code).toBe('denied');
    }
  }
  expect((await run(list, { kind: 'User', search: 'x'.repeat(201) })).json.errors[0].extensions.code).toBe(
    'bad-search',
  );
});
