import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGraphql, type TestGraphql } from './graphql-kit.ts';

let graphql: TestGraphql;
beforeAll(async () => {
  graphql = await startTestGraphql();
});
afterAll(async () => graphql.close());

const page = 'pageInfo { hasNextPage endCursor }';

test('reach is searched, filtered and paged by the server, and says all that a list shows', async () => {
  const query = `query ($after: String) { viewer { reach(search: "web", filter: {protocol: ssh, favourite: true}, first: 1, after: $after) {
    edges { node { id targetId target allowed reason advice asks recording browser labels favourite lastUsedAt } } ${page} } } }`;
  const first = await graphql.run(query, 'spl_user');
  const { edges, pageInfo } = first.json.data.viewer.reach;
  expect(edges[0].node).toEqual({
    ...{ id: 'account-web-1', targetId: 'target-web-1', target: 'web-1', allowed: true, reason: null, advice: null },
    ...{ asks: null, recording: 'required', browser: true, labels: {}, favourite: false, lastUsedAt: null },
  });
  expect(pageInfo.hasNextPage).toBe(true);
  const second = await graphql.run(query, 'spl_user', { after: pageInfo.endCursor });
  expect(second.json.data.viewer.reach.edges[0].node).toMatchObject({
    target: 'web-2',
    allowed: false,
    advice: 'Ask.',
  });
  expect(second.json.data.viewer.reach.pageInfo.hasNextPage).toBe(false);
  const wish = { search: 'web', protocol: 'ssh', allowed: null, favourite: true, first: 1 };
  expect(graphql.calls.slice(-2)).toEqual([
    ['reach', 'user', { ...wish, after: null }],
    ['reach', 'user', { ...wish, after: ['web-1', 'root', 'account-web-1'] }],
  ]);
  for (const list of ['reach', 'recent']) {
    const { json } = await graphql.run(`{ viewer { ${list}(after: "nothing") { ${page} } } }`, 'spl_user');
    expect(json.errors[0].extensions.code, list).toBe('bad-cursor');
  }
});

test('what was used last, and favourites', async () => {
  const recent = await graphql.run('{ viewer { recent(first: 5) { edges { node { target } } } } }', 'spl_user');
  expect(recent.json.data.viewer.recent.edges).toEqual([{ node: { target: 'web-1' } }]);
  const mark = (target: string) =>
    graphql.run(
      `mutation { setFavourite(input: {target: "${target}", account: "root", favourite: true}) { entry { id favourite } errors { code } } }`,
      'spl_user',
    );
  const marked = { entry: { id: 'account-web-1', favourite: true }, errors: [] };
  expect((await mark('web-1')).json.data.setFavourite).toEqual(marked);
  expect((await mark('web-9')).json.data.setFavourite).toEqual({ entry: null, errors: [{ code: 'not-allowed' }] });
});

test('another person’s are nobody’s business', async () => {
  await graphql.add('user-22222222-1111-4111-8111-000000000009', 'UserCreated', {
    name: 'z',
    nameKey: 'z',
    email: null,
  });
  for (const list of ['reach', 'recent']) {
    const { json } = await graphql.run(`{ users { edges { node { ${list} { edges { node { target } } } } } } }`);
    expect(json.errors[0].extensions.code, list).toBe('denied');
  }
});

test('connect lines name the door as people reach it, and the CA under the path that was given', async () => {
  type Ways = readonly { readonly client: string; readonly text: string }[];
  const connect = async (args: string): Promise<Ways> => {
    const { json } = await graphql.run(
      `{ viewer { reach(first: 1) { edges { node { connect${args} { client kind text fileName hint } } } } } }`,
      'spl_user',
    );
    return (json.data?.viewer.reach.edges[0].node.connect ?? json.errors[0].extensions.code) as Ways;
  };
  const ways = await connect('');
  expect(ways.map(({ client }) => client)).toEqual(['ssh', 'scp', 'sftp', 'ssh-config', 'putty', 'plink']);
  expect(ways[0]).toMatchObject({ kind: 'line', text: 'ssh -p 2222 user~root~web-1@gate.example.org', fileName: null });
  expect(await connect('(caFile: "a\\nb")')).toBe('bad-path');
});
