import { afterAll, beforeAll, expect, test } from 'vitest';
import { person, startTestGraphql, type TestGraphql } from './graphql-kit.ts';

let graphql: TestGraphql;
beforeAll(async () => {
  graphql = await startTestGraphql();
});
afterAll(async () => graphql.close());

const webAccount = 'account-22222222-1111-4111-8111-000000000001';
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
  const wish = { search: 'web', protocol: 'ssh', allowed: null, favourite: true, account: null, first: 1 };
  expect(graphql.calls.slice(-2)).toEqual([
    ['reach', 'user', { ...wish, after: null }],
    ['reach', 'user', { ...wish, after: ['web-1', 'root', 'account-web-1'] }],
  ]);
  const one = (account: string): string =>
    `{ viewer { reach(filter: {account: "${account}"}) { edges { node { id } } } } }`;
  await graphql.run(one(webAccount), 'spl_user');
  expect(graphql.calls.at(-1)).toMatchObject(['reach', 'user', { account: webAccount }]);
  expect((await graphql.run(one('token-1'), 'spl_user')).json.data.viewer.reach.edges).toEqual([]);
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
  for (const list of ['reach', 'recent', 'sshKeys', 'logins']) {
    const { json } = await graphql.run(`{ users(first: 5) { edges { node { ${list} { edges { cursor } } } } } }`);
    expect(json.errors[0].extensions.code, list).toBe('denied');
  }
});

test('SSH keys with their devices, token terms, the clock and one’s own logins', async () => {
  const { json } = await graphql.run(
    `{ serverTime viewer {
      sshKeys(search: "k", first: 1) { edges { cursor node { id name status devices(first: 1) { edges { node { target } } pageInfo { hasNextPage endCursor } } } } pageInfo { hasNextPage } }
      tokenTerms { live most longestSeconds freshFactor mechanisms }
      logins { edges { node { id door provider current } } } } }`,
    'spl_user',
  );
  const found = await graphql.run(
    '{ viewer { sshKeys(name: "k") { edges { node { devices(search: "WEB-2") { edges { node { target } } } } } } } }',
    'spl_user',
  );
  expect(found.json.data.viewer.sshKeys.edges[0].node.devices.edges).toEqual([{ node: { target: 'web-2' } }]);
  expect(graphql.calls.at(-1)).toEqual(['keys', 'user', { search: '', name: 'k', first: 20, after: null }]);
  const { loginId } = person('spl_user');
  expect(json.data.serverTime).toBe('2026-01-02T03:04:05.678Z');
  const devices = {
    edges: [{ node: { target: 'web-1' } }],
    pageInfo: { hasNextPage: true, endCursor: 'account-web-1' },
  };
  expect(json.data.viewer).toEqual({
    sshKeys: {
      edges: [{ cursor: 'k', node: { id: 'sshkey-1', name: 'k', status: 'active', devices } }],
      pageInfo: { hasNextPage: true },
    },
    tokenTerms: { live: 1, most: 10, longestSeconds: 28_800, freshFactor: 'needed', mechanisms: ['OATH'] },
    logins: { edges: [{ node: { id: loginId, door: 'web', provider: 'local', current: true } }] },
  });
  const close = (id: string) =>
    graphql.run(`mutation { closeLogin(input: {id: "${id}"}) { id errors { code } } }`, 'spl_user');
  expect((await close(loginId)).json.data.closeLogin).toEqual({ id: loginId, errors: [] });
  for (const id of [person('spl_admin').loginId, 'login-x']) {
    expect((await close(id)).json.data.closeLogin).toEqual({ id: null, errors: [{ code: 'absent' }] });
  }
  await graphql.run('mutation { signOutEverywhere(input: {exceptThis: true}) { errors { code } } }', 'spl_user');
  expect(graphql.calls.at(-1)).toEqual(['close everything', 'user', true]);
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
