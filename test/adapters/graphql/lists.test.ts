import { expect, test } from 'vitest';
import { openLoginOn } from '../../../src/application/authentication/open-login.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { ask } from '../../application/kit/house.ts';
import { namesOf, openAdministration } from './administration-kit.ts';

const idsOf = (connection: { edges: { node: { id: string } }[] }): string[] =>
  connection.edges.map(({ node }) => node.id);

test('targets, users and the rest are searched and narrowed by the server', async () => {
  const { data, house } = await openAdministration();
  const target = (name: string, spec: string, labels: string): string =>
    `apiVersion: sallyport/v1\nkind: Target\nmetadata: {name: ${name}, labels: {${labels}}}\nspec: {${spec}}\n`;
  await house.apply(
    [
      target('Web-1', 'protocol: ssh, address: "10.1.1.1:22"', 'env: prod, Tier: "1"'),
      target('web-2', 'protocol: ssh, address: "10.1.1.2:22"', 'env: production'),
      target('db-1', 'protocol: postgres, address: "db.example.org:5432"', 'env: prod'),
      'apiVersion: sallyport/v1\nkind: User\nmetadata: {name: bob}\nspec: {email: Bob@Example.org, disabled: true}\n',
    ].join('---\n'),
  );
  const found = async (field: string, args: string): Promise<string[]> =>
    namesOf((await data(`{ ${field}(${args}) { edges { node { name } } } }`))[field]);
  expect(await found('targets', 'search: "WEB"')).toEqual(['Web-1', 'web-2']);
  expect(await found('targets', 'search: "10.1.1 env=prod"')).toEqual(['Web-1', 'web-2']);
  expect(await found('targets', 'labels: ["env=prod"]')).toEqual(['Web-1', 'db-1']);
  expect(await found('targets', 'labels: ["env=prod", "Tier=1"]')).toEqual(['Web-1']);
  expect(await found('targets', 'labels: ["tier=1"]')).toEqual([]);
  expect(await found('targets', 'protocol: postgres')).toEqual(['db-1']);
  expect(await found('targets', 'trusted: true')).toEqual(['box']);
  expect(await found('users', 'search: "bob@example"')).toEqual(['bob']);
  expect(await found('users', 'disabled: false')).toEqual(['alice']);
  expect(await found('entitlements', 'search: "bo"')).toEqual(['box']);
  expect(await found('policies', 'search: "box"')).toEqual([]);
});

test('sessions and events come from either end, and a token tells which sessions its revocation ends', async () => {
  const { data, run, house } = await openAdministration();
  const [first, second] = [await house.token(), await house.token()];
  const opened: string[] = [];
  for (const [pass, source] of [
    [first, '192.0.2.1'],
    [first, '192.0.2.2'],
    [second, '192.0.2.1'],
  ] as const) {
    const answer = await ask(house, pass, { source }).admission;
    if (!answer.ok) throw new Error(answer.message);
    opened.push(answer.session.authorized.sessionId);
    if (opened.length === 2) await answer.session.end('owner', 'bye');
  }
  const [one = '', two = '', three = ''] = opened;
  const sessions = async (args: string): Promise<string[]> =>
    idsOf((await data(`{ sessions(${args}) { edges { node { id } } } }`)).sessions);
  expect(await sessions('first: 9')).toEqual(opened);
  expect(await sessions('order: NEWEST')).toEqual(opened.toReversed());
  const newest = (await data('{ sessions(order: NEWEST, first: 2) { pageInfo { endCursor } } }')).sessions;
  expect(await sessions(`order: NEWEST, after: "${newest.pageInfo.endCursor}"`)).toEqual([one]);
  expect(await sessions('filter: {endReason: "owner"}')).toEqual([two]);
  expect(await sessions('filter: {live: true, source: "192.0.2.1", account: "root"}')).toEqual([one, three]);
  expect(await sessions('filter: {account: "nobody"}')).toEqual([]);
  const { startedAt } = (await data(`{ session(id: "${two}") { startedAt } }`)).session;
  expect(await sessions(`filter: {since: "${startedAt}"}`)).toContain(two);
  expect(await sessions(`filter: {until: "${startedAt}"}`)).not.toContain(two);

  const tokens =
    '{ tokens(filter: {search: "ALI"}) { edges { node { id user { name } liveSessions { edges { node { id } } } } } } }';
  const { edges } = (await data(tokens)).tokens as { edges: { node: unknown }[] };
  expect(edges.map(({ node }) => node)).toMatchObject([
    { id: first, user: { name: 'alice' }, liveSessions: { edges: [{ node: { id: one } }] } },
    { id: second, liveSessions: { edges: [{ node: { id: three } }] } },
  ]);
  const { issuedAt } = (await data('{ tokens(first: 1) { edges { node { issuedAt } } } }')).tokens.edges[0].node;
  const made = async (filter: string): Promise<string[]> =>
    idsOf((await data(`{ tokens(filter: {search: "ali", ${filter}}) { edges { node { id } } } }`)).tokens);
  expect(await made(`since: "${String(issuedAt)}"`)).toEqual([first, second]);
  expect(await made(`until: "${String(issuedAt)}"`)).toEqual([]);
  expect((await data('{ tokens(filter: {search: "bob"}) { edges { node { id } } } }')).tokens.edges).toEqual([]);
  expect((await data('{ keys(filter: {user: "alice"}) { edges { node { id } } } }')).keys.edges).toEqual([]);
  for (const query of ['{ tokens { edges { node { id } } } }', '{ keys { edges { node { id } } } }']) {
    for (const as of ['spl_user', 'spl_operator']) {
      expect((await run(query, {}, as)).json.errors[0].extensions.code).toBe('denied');
    }
  }

  const all = await house.node.tools.log.readAll({ after: null, limit: 1_000 });
  const events = async (args: string): Promise<string[]> =>
    idsOf((await data(`{ events(first: 100, ${args}) { edges { node { id } } } }`)).events);
  const kinds = ['SessionAdmitted', 'SessionEnded', 'TemporaryTokenIssued'];
  const chosen = all.filter(({ type }) => kinds.includes(type)).map(({ id }) => id);
  expect(await events('order: NEWEST')).toEqual(
    all
      .map(({ id }) => id)
      .toReversed()
      .slice(0, 100),
  );
  expect(await events(`filter: {types: ${JSON.stringify(kinds)}}, order: NEWEST`)).toEqual(chosen.toReversed());
  expect(await events(`filter: {types: ${JSON.stringify(kinds)}, user: "alice"}`)).toEqual(chosen);
  expect(await events('filter: {since: "2020-01-01T00:00:00Z", until: "2020-01-02T00:00:00Z"}')).toEqual([]);
  expect(await events('filter: {since: "2020-01-01T00:00:00Z", categories: ["session", "token"]}')).toEqual(
    all.filter(({ stream }) => /^(session|token)-/.test(stream)).map(({ id }) => id),
  );
});

test('an administrator sees the logins of a person and closes one or all; the events say so', async () => {
  const { data, run, house } = await openAdministration();
  const { tools, custody } = house.node;
  const basis = {
    ...{ userId: house.alice, authenticationId: streamId('authentication', tools.ids.uuid()), factors: ['UP'] },
    ...{ provider: 'local', identityId: null, source: '192.0.2.7' },
  };
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const logins: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    logins.push((await openLoginOn({ tools, loginProofs: custody.loginProofs }, basis, 'web', until)).loginId);
  }
  const list = '{ logins(user: "alice") { edges { node { id provider door source factors current user { name } } } } }';
  expect((await data(list)).logins.edges[0].node).toMatchObject({
    ...{
      provider: 'local',
      door: 'web',
      source: '192.0.2.7',
      factors: ['UP'],
      current: false,
      user: { name: 'alice' },
    },
  });
  expect(idsOf((await data(list)).logins)).toEqual(logins);
  const close = 'mutation($input: CloseLoginsInput!) { closeLogins(input: $input) { ids errors { code } } }';
  for (const as of ['spl_user', 'spl_auditor', 'spl_operator']) {
    expect((await run(list, {}, as)).json.errors[0].extensions.code).toBe('denied');
    expect((await run(close, { input: { user: 'alice' } }, as)).json.errors[0].extensions.code).toBe('denied');
  }
  expect((await data(close, { input: { id: logins[1] } })).closeLogins).toEqual({ ids: [logins[1]], errors: [] });
  expect((await data(close, { input: { id: logins[1] } })).closeLogins.errors).toEqual([{ code: 'absent' }]);
  expect((await data(close, { input: {} })).closeLogins.errors).toEqual([{ code: 'invalid' }]);
  expect(idsOf((await data(list)).logins)).toEqual([logins[0], logins[2]]);
  expect((await data(close, { input: { user: 'alice' } })).closeLogins.ids).toHaveLength(2);
  expect((await data(list)).logins.edges).toEqual([]);
  const closed = await house.events('LoginClosed');
  expect(closed.map(({ data: facts }) => facts)).toMatchObject(Array(3).fill({ reason: 'administrator' }));
});
