import { expect, onTestFinished, test } from 'vitest';
import { person, startTestGraphql, uuid } from './graphql-kit.ts';

const day = (n: number): string => new Date(Date.UTC(2026, 0, n)).toISOString();

/** Eight sessions, in turn of ann-1, ann-2, bob and the auditor, one a day. */
async function opened() {
  const graphql = await startTestGraphql();
  onTestFinished(() => graphql.close());
  const created = async (name: string, id = `user-${uuid()}` as const) => {
    await graphql.add(id, 'UserCreated', { name, nameKey: name, email: null }, day(1));
    return id;
  };
  const people = [
    await created('ann-1'),
    await created('ann-2'),
    await created('bob'),
    await created('user', person('spl_user').userId),
  ];
  const sessions: string[] = [];
  for (let n = 0; n < 8; n += 1) {
    const id = `session-${uuid()}` as const;
    sessions.push(id);
    await graphql.add(
      id,
      'SessionOpened',
      {
        ...{ userId: people[n % 4], passId: `token-${uuid()}`, targetId: `target-${uuid()}`, targetName: 'web-1' },
        ...{ accountId: `account-${uuid()}`, accountName: 'root', entitlementId: `entitlement-${uuid()}` },
        ...{ protocol: 'ssh', source: '127.0.0.1', client: null, group: null, recording: 'off' },
        ...{ nodeId: `node-${uuid()}`, bootId: 'b', reason: null },
      },
      day(2 + n),
    );
  }
  const places = (ids: readonly string[]): readonly number[] => ids.map((id) => sessions.indexOf(id));
  const list = async (args: string, as = 'spl_auditor') => {
    const { json } = await graphql.run(`{ sessions(${args}) { edges { node { id } } pageInfo { endCursor } } }`, as);
    if (json.errors !== undefined) throw new Error(JSON.stringify(json.errors));
    const { edges, pageInfo } = json.data.sessions as {
      edges: { node: { id: string } }[];
      pageInfo: { endCursor: string };
    };
    return { places: places(edges.map(({ node }) => node.id)), after: pageInfo.endCursor };
  };
  return { graphql, list, created };
}

test('sessions are found by a part of a name, of everybody who has it, page by page and between two moments', async () => {
  const { list } = await opened();
  expect((await list('filter: {search: "ANN"}')).places).toEqual([0, 1, 4, 5]);
  expect((await list('filter: {search: "ann"}, order: NEWEST')).places).toEqual([5, 4, 1, 0]);
  const first = await list('filter: {search: "ann"}, order: NEWEST, first: 3');
  expect(first.places).toEqual([5, 4, 1]);
  expect((await list(`filter: {search: "ann"}, order: NEWEST, first: 3, after: "${first.after}"`)).places).toEqual([0]);
  expect((await list(`filter: {search: "ann", since: "${day(3)}", until: "${day(7)}"}`)).places).toEqual([1, 4]);
  expect((await list('filter: {search: "ann", user: "ann-2", target: "nothing"}')).places).toEqual([]);
  expect((await list('filter: {search: "ann", user: "ann-2"}')).places).toEqual([1, 5]);
  expect((await list('filter: {search: "nobody"}')).places).toEqual([]);
});

test('a search shows nobody more than they see without it', async () => {
  const { list } = await opened();
  expect((await list('filter: {search: "ann"}', 'spl_user')).places).toEqual([]);
  expect((await list('filter: {search: "ann", user: "ann-1"}', 'spl_user')).places).toEqual([]);
  expect((await list('filter: {search: "user"}', 'spl_user')).places).toEqual([3, 7]);
  // All of them are open.
  expect((await list('filter: {search: "ann"}', 'spl_operator')).places).toEqual([0, 1, 4, 5]);
  expect((await list('filter: {search: "ann", live: false}', 'spl_operator')).places).toEqual([]);
});

test('a search that fits more people than are looked through is refused, for whom it is about others', async () => {
  const { graphql, created } = await opened();
  for (let n = 0; n < 101; n += 1) await created(`many-${String(n)}`);
  const query = '{ sessions(filter: {search: "many"}) { edges { cursor } } }';
  expect((await graphql.run(query, 'spl_auditor')).json.errors[0].extensions.code).toBe('too-many-people');
  expect((await graphql.run(query, 'spl_user')).json.data.sessions.edges).toEqual([]);
});
