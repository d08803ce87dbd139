import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { SallyportError } from '../../../src/domain/kernel/errors.ts';
import type { StreamId } from '../../../src/domain/kernel/ids.ts';
import { openSession, person, startTestGraphql, type TestGraphql, uuid } from './graphql-kit.ts';

let graphql: TestGraphql;
const target: StreamId<'target'> = `target-${uuid()}`;
const entitlement: StreamId<'entitlement'> = `entitlement-${uuid()}`;
const sessions: Record<'mine' | 'ended' | 'others', StreamId<'session'>> = {
  mine: 'session-',
  ended: 'session-',
  others: 'session-',
};

beforeAll(async () => {
  graphql = await startTestGraphql();
  for (const login of ['spl_user', 'spl_auditor', 'spl_admin']) {
    const { userId, userName } = person(login);
    await graphql.add(userId, 'UserCreated', { name: userName, nameKey: 'k', email: `${userName}@example.org` });
  }
  await graphql.add(target, 'TargetDeclared', {
    name: 'web-1',
    labels: { env: 'prod' },
    protocol: 'ssh',
    host: '192.0.2.9',
    port: 22,
    trust: null,
    disabled: false,
  });
  await graphql.add(entitlement, 'EntitlementDeclared', {
    name: 'web',
    labels: {},
    access: { targets: ['web-1'], labels: null, accounts: [], protocols: [], rights: ['startSession'] },
    conditionIds: [],
    recording: 'required',
    maxSessionMilliseconds: null,
    idleMilliseconds: null,
    approval: null,
    disabled: false,
  });
  sessions.ended = await openSession(graphql, 'spl_user', '2026-01-02T04:00:00.000Z', target);
  await graphql.add(
    sessions.ended,
    'SessionEnded',
    {
      userId: person('spl_user').userId,
      reason: 'administrator',
      message: 'bye',
      bytesReceived: 5_000_000_000,
      bytesSent: 2,
    },
    '2026-01-02T04:30:00.000Z',
  );
  sessions.mine = await openSession(graphql, 'spl_user', '2026-01-02T05:00:00.000Z', target);
  sessions.others = await openSession(graphql, 'spl_admin', '2026-01-02T06:00:00.000Z', target);
  const file = { channel: 0, path: '/etc/motd' };
  const moved = {
    protocol: 'sftp',
    direction: 'download',
    outcome: 'whole',
    why: null,
    from: 0,
    bytes: 3,
    sha256: 'ab',
  };
  await graphql.add(sessions.mine, 'FileTransferred', { ...file, ...moved });
  await graphql.add(sessions.others, 'FileRefused', { ...file, operation: 'upload', reason: 'direction' });
});
afterAll(async () => graphql.close());

interface EventPage {
  readonly edges: readonly { readonly cursor: string; readonly node: { readonly id: string; readonly type: string } }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string };
}

const typesOf = ({ edges }: Pick<EventPage, 'edges'>): readonly string[] => edges.map(({ node }) => node.type);

const idsOf = (connection: { edges: { node: { id: string } }[] }): string[] =>
  connection.edges.map(({ node }) => node.id);

test('viewer: who asks, with tokens, sessions and reach', async () => {
  const issued = await graphql.run(
    'mutation { issueTemporaryToken(input: {protocols: [ssh]}) { token { id expiresAt protocols issuedAt user { name } } secret errors { code } } }',
    'spl_user',
  );
  const { token, secret } = issued.json.data.issueTemporaryToken;
  expect(secret).toBe('spt_secret');
  expect(token).toMatchObject({ protocols: ['ssh'], issuedAt: '2026-01-02T06:00:00.000Z', user: { name: 'user' } });
  const { json } = await graphql.run(
    `{ viewer { id name email roles permissions tokens { edges { node { id uses target { name } } } }
       sessions { edges { node { id } } } reach { edges { node { target login allowed reason } } } } }`,
    'spl_user',
  );
  expect(json.data.viewer).toMatchObject({
    id: person('spl_user').userId,
    name: 'user',
    email: 'user@example.org',
    permissions: ['self'],
  });
  expect(json.data.viewer.tokens.edges).toEqual([{ node: { id: token.id, uses: 0, target: null } }]);
  expect(idsOf(json.data.viewer.sessions)).toEqual([sessions.ended, sessions.mine]);
  expect(json.data.viewer.reach.edges).toEqual([
    { node: { target: 'web-1', login: 'user~root~web-1', allowed: true, reason: null } },
    { node: { target: 'web-2', login: 'user~root~web-2', allowed: false, reason: 'a condition is not met now' } },
  ]);
});

test('a key of one’s own is listed to its person and to overseers, and to nobody else', async () => {
  const fields = 'id algorithm fingerprint comment registeredAt expiresAt uses user { name }';
  const made = await graphql.run(
    `mutation { registerPublicKey(input: {publicKey: "ssh-ed25519 AAAA", challenge: "c", signature: "s", freshFactor: "f"}) { key { ${fields} } errors { code } } }`,
    'spl_user',
  );
  const { key } = made.json.data.registerPublicKey;
  const proof = { challenge: 'c', signature: 's' };
  expect(graphql.calls.at(-1)).toEqual([
    'register',
    'user',
    { publicKey: 'ssh-ed25519 AAAA', proof, ttlSeconds: null, freshFactor: 'f' },
  ]);
  expect(key).toMatchObject({
    algorithm: 'ssh-ed25519',
    fingerprint: 'SHA256:0',
    comment: 'ann@laptop',
    registeredAt: '2026-01-02T06:00:00.000Z',
    uses: 0,
    user: { name: 'user' },
  });
  const listed = await graphql.run(`{ viewer { keys { edges { node { ${fields} } } } } }`, 'spl_user');
  expect(listed.json.data.viewer.keys.edges).toEqual([{ node: key }]);
  const node = `{ node(id: "${key.id}") { ... on PublicKey { fingerprint } } }`;
  expect((await graphql.run(node, 'spl_user')).json.data.node).toEqual({ fingerprint: 'SHA256:0' });
  expect((await graphql.run(node, 'spl_operator')).json.data.node).toBeNull();
  const none = 'mutation { registerPublicKey(input: {publicKey: ""}) { key { id } errors { code } } }';
  expect((await graphql.run(none, 'spl_user')).json.data.registerPublicKey).toEqual({
    key: null,
    errors: [{ code: 'invalid-key' }],
  });
  expect(graphql.calls.at(-1)).toEqual([
    'register',
    'user',
    { publicKey: '', proof: null, ttlSeconds: null, freshFactor: null },
  ]);
  const asked = (line: string): string =>
    `mutation { challengePublicKey(input: {publicKey: "${line}"}) { challenge { text namespace expiresAt } errors { code } } }`;
  expect((await graphql.run(asked('ssh-ed25519 AAAA'), 'spl_user')).json.data.challengePublicKey).toEqual({
    challenge: { text: 'sign this', namespace: 'test', expiresAt: '2099-01-01T00:00:00.000Z' },
    errors: [],
  });
  expect((await graphql.run(asked(''), 'spl_user')).json.data.challengePublicKey).toEqual({
    challenge: null,
    errors: [{ code: 'invalid-key' }],
  });
  const revoke = (id: string): string => `mutation { revokeKey(input: {id: "${id}"}) { id errors { code } } }`;
  expect((await graphql.run(revoke(key.id), 'spl_user')).json.data.revokeKey).toEqual({ id: key.id, errors: [] });
  expect((await graphql.run(revoke('token-1'), 'spl_user')).json.data.revokeKey.errors).toEqual([{ code: 'absent' }]);
});

test('a session says who, where, how long and how much', async () => {
  const { json } = await graphql.run(
    `query($id: ID!) { session(id: $id) { id groupId user { name } target { id name host } account { name } protocol startedAt endedAt endReason
       endMessage reason bytesReceived bytesSent recording { duty chunks bytes } events { edges { cursor node { type position } } } } }`,
    'spl_admin',
    { id: sessions.ended },
  );
  expect(json.data.session).toMatchObject({
    groupId: sessions.ended,
    user: { name: 'user' },
    target: { id: target, name: 'web-1', host: '192.0.2.9' },
    account: { name: 'root' },
    protocol: 'ssh',
    endReason: 'administrator',
    endMessage: 'bye',
    reason: 'OPS-1: disk full',
    bytesReceived: 5_000_000_000,
    recording: { duty: 'required', chunks: 0, bytes: 0 },
  });
  expect(typesOf(json.data.session.events)).toEqual(['SessionOpened', 'SessionEnded']);
});

test('sessions: filters, paging oldest first, and only what one may see', async () => {
  const ids = async (args: string, as = 'spl_admin'): Promise<string[]> =>
    idsOf((await graphql.run(`{ sessions(${args}) { edges { node { id } } } }`, as)).json.data.sessions);
  expect(await ids('first: 100')).toEqual([sessions.ended, sessions.mine, sessions.others]);
  expect(await ids('filter: {live: true}')).toEqual([sessions.mine, sessions.others]);
  expect(await ids('filter: {live: false}')).toEqual([sessions.ended]);
  expect(await ids('filter: {user: "user", target: "web-1"}')).toEqual([sessions.ended, sessions.mine]);
  expect(await ids(`filter: {user: "${person('spl_admin').userId}"}`)).toEqual([sessions.others]);
  expect(await ids('filter: {target: "nowhere"}')).toEqual([]);
  expect(await ids('first: 100', 'spl_user')).toEqual([sessions.ended, sessions.mine]);
  expect(await ids('filter: {user: "admin"}', 'spl_user')).toEqual([]);
  expect(await ids('first: 100', 'spl_operator')).toEqual([sessions.mine, sessions.others]);
  expect(await ids('filter: {live: false}', 'spl_operator')).toEqual([]);
  const first = (
    await graphql.run('{ sessions(first: 2) { edges { node { id } } pageInfo { hasNextPage endCursor } } }')
  ).json.data.sessions;
  expect(first.pageInfo.hasNextPage).toBe(true);
  expect(await ids(`first: 2, after: "${first.pageInfo.endCursor}"`)).toEqual([sessions.others]);
});

test('ids are stream names, and a node is absent for whom it is not', async () => {
  const ids = [
    sessions.mine,
    target,
    entitlement,
    person('spl_user').userId,
    person('spl_admin').userId,
    'nonsense',
    `policy-${uuid()}`,
  ];
  const types = async (as: string): Promise<(string | null)[]> => {
    const answer = await graphql.run('query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', as, { ids });
    const { nodes } = answer.json.data as { nodes: readonly ({ __typename: string } | null)[] };
    return nodes.map((node) => node?.__typename ?? null);
  };
  expect(await types('spl_admin')).toEqual(['Session', 'Target', 'Entitlement', 'User', 'User', null, null]);
  expect(await types('spl_user')).toEqual(['Session', null, null, 'User', null, null, null]);
  const one = await graphql.run(
    'query($id: ID!) { node(id: $id) { ... on Session { target { name } } } }',
    'spl_user',
    { id: sessions.mine },
  );
  expect(one.json.data.node).toEqual({ target: { name: 'web-1' } });
  const others = await graphql.run('query($id: ID!) { session(id: $id) { id } }', 'spl_user', { id: sessions.others });
  const nobodys = await graphql.run('query($id: ID!) { session(id: $id) { id } }', 'spl_user', {
    id: `session-${uuid()}`,
  });
  expect(others.json).toEqual({ data: { session: null } });
  expect(others.json).toEqual(nobodys.json);
});

test('an operator sees whose a live session is, and no more of the person', async () => {
  const whose = await graphql.run('{ sessions { edges { node { user { name } account { name } } } } }', 'spl_operator');
  expect(whose.json.errors).toBeUndefined();
  const more = await graphql.run('{ sessions { edges { node { user { email } } } } }', 'spl_operator');
  expect(more.json.errors?.[0]?.extensions.code).toBe('denied');
});

test.each([
  ['{ users { edges { node { id } } } }', ['spl_auditor', 'spl_admin']],
  ['{ targets { edges { node { id } } } }', ['spl_auditor', 'spl_admin']],
  ['{ entitlements { edges { node { id } } } }', ['spl_auditor', 'spl_admin']],
  ['{ policies { edges { node { id } } } }', ['spl_auditor', 'spl_admin']],
  ['{ events { edges { node { id } } } }', ['spl_auditor', 'spl_admin']],
  ['{ logHead }', ['spl_auditor', 'spl_admin']],
  ['{ sessions { edges { node { target { host } } } } }', ['spl_auditor', 'spl_admin']],
  ['{ users(first: 5) { edges { node { reach { edges { node { target } } } } } } }', []],
])('%s is for %j', async (query, allowed) => {
  for (const as of ['spl_user', 'spl_operator', 'spl_auditor', 'spl_admin']) {
    const { json } = await graphql.run(query, as);
    const code = json.errors?.[0]?.extensions.code;
    expect([as, code]).toEqual([as, allowed.includes(as) ? undefined : 'denied']);
  }
});

test('events: every stored event, by position, filtered and paged without gap or repeat', async () => {
  const fields =
    'edges { cursor node { id position stream type data metadata { at actor } } } pageInfo { hasNextPage endCursor }';
  const page = async (args: string): Promise<EventPage> => {
    const { json } = await graphql.run(`{ events(${args}) { ${fields} } }`, 'spl_auditor');
    return json.data.events as EventPage;
  };
  const all = await graphql.log.readAll({ after: null, limit: 1000 });
  const seen: string[] = [];
  let after = 'null';
  for (;;) {
    const { edges, pageInfo } = await page(`first: 3, after: ${after}`);
    seen.push(...edges.map(({ node }) => node.id));
    if (!pageInfo.hasNextPage) break;
    after = JSON.stringify(pageInfo.endCursor);
  }
  expect(seen).toEqual(all.map(({ id }) => id));
  const types = async (filter: string): Promise<readonly string[]> =>
    typesOf(await page(`filter: ${filter}, first: 100`));
  expect(await types('{types: ["SessionEnded", "TargetDeclared"]}')).toEqual(['TargetDeclared', 'SessionEnded']);
  expect(await types('{categories: ["session"], types: ["SessionOpened"], user: "user"}')).toEqual([
    'SessionOpened',
    'SessionOpened',
  ]);
  expect(await types(`{session: "${sessions.ended}"}`)).toEqual(['SessionOpened', 'SessionEnded']);
  expect(await types('{target: "web-1", since: "2026-01-02T05:00:00Z", until: "2026-01-02T06:00:00Z"}')).toEqual([
    'SessionOpened',
  ]);
  expect(await types('{since: "2026-01-02T05:00:00+01:00", until: "2026-01-02T04:30:00.001Z"}')).toEqual([
    'SessionOpened',
    'SessionEnded',
  ]);
  expect(await types('{user: "user", target: "web-1", types: ["FileTransferred", "FileRefused"]}')).toEqual([
    'FileTransferred',
  ]);
  expect(await types('{target: "web-1", types: ["FileTransferred", "FileRefused"]}')).toEqual([
    'FileTransferred',
    'FileRefused',
  ]);
  expect(await types('{user: "user", target: "web-1", categories: ["session"], types: ["SessionEnded"]}')).toEqual([
    'SessionEnded',
  ]);
  expect(await types('{user: "nobody"}')).toEqual([]);
  expect(await types('{categories: ["nothing"]}')).toEqual([]);
});

test('what is no cursor, page size or moment is told so', async () => {
  const code = async (query: string): Promise<unknown> => (await graphql.run(query)).json.errors[0].extensions?.code;
  expect(await code('{ events(after: "zzz") { edges { cursor } } }')).toBe('bad-cursor');
  const unknown = await graphql.run('{ events(filter: {types: ["FileTransfered"]}) { edges { cursor } } }');
  expect(unknown.json.errors[0]).toMatchObject({
    message: 'no event is of the type "FileTransfered"; did you mean FileTransferred?',
    extensions: { code: 'unknown-event-type' },
  });
  expect(await code('{ sessions(after: "eyJ9") { edges { cursor } } }')).toBe('bad-cursor');
  expect(await code('{ sessions(first: 0) { edges { cursor } } }')).toBe('bad-page-size');
  expect(await code('{ sessions(first: 101) { edges { cursor } } }')).toBe('bad-page-size');
  expect(
    (await graphql.run('{ events(filter: {since: "yesterday"}) { edges { cursor } } }')).json.errors[0].message,
  ).toContain('DateTime');
});

test('mutations: refusals are values in the payload', async () => {
  const refused = await graphql.run(
    'mutation { issueTemporaryToken(input: {ttlSeconds: 0}) { token { id } secret errors { code message } } }',
    'spl_user',
  );
  expect(refused.json.data.issueTemporaryToken).toEqual({
    token: null,
    secret: null,
    errors: [{ code: 'ttl-out-of-range', message: 'from 1 to 28800' }],
  });
  await graphql.run(
    'mutation { issueTemporaryToken(input: {ttlSeconds: 1, freshFactor: "authentication-1"}) { errors { code } } }',
    'spl_user',
  );
  expect(graphql.calls.at(-1)).toEqual([
    'issue',
    'user',
    { ttlSeconds: 1, protocols: null, target: null, freshFactor: 'authentication-1' },
  ]);
  const id = `token-${uuid()}`;
  expect(
    (await graphql.run(`mutation { revokeToken(input: {id: "${id}"}) { id errors { code } } }`, 'spl_user')).json.data
      .revokeToken,
  ).toEqual({ id, errors: [] });
  expect(
    (await graphql.run('mutation { revokeToken(input: {id: "session-1"}) { id errors { code } } }')).json.data
      .revokeToken,
  ).toEqual({ id: null, errors: [{ code: 'absent' }] });
  const end = `mutation { endSession(input: {id: "${sessions.mine}", message: "now"}) { id errors { code } } }`;
  expect((await graphql.run(end, 'spl_user')).json.data.endSession.errors).toEqual([{ code: 'denied' }]);
  expect((await graphql.run(end, 'spl_operator')).json.data.endSession.id).toBe(sessions.mine);
  expect(graphql.calls).toContainEqual(['end', 'operat', sessions.mine, 'now']);
});

test('a log that cannot be read is a 503 without detail of the store; a fault of ours is masked', async () => {
  graphql.log.fail(new SallyportError('unavailable', 'log-unavailable', 'the log cannot be used; try again'));
  const begun = performance.now();
  const answer = await graphql.run('{ events { edges { cursor } } }');
  expect([answer.status, answer.json.errors[0].extensions.code]).toEqual([503, 'log-unavailable']);
  expect(performance.now() - begun).toBeLessThan(4_000);
  const views = await graphql.run('{ sessions { edges { cursor } } }');
  expect(views.json.data.sessions.edges.length).toBe(3);
  graphql.log.fail(new Error('SQLITE_IOERR at /secret/path'));
  const masked = await graphql.run('{ events { edges { cursor } } }');
  expect(masked.body).not.toContain('SQLITE');
  expect(masked.json.errors[0].extensions.code).toBe('internal');
  graphql.log.fail(undefined);
});

test('scanning a target is for administrators', async () => {
  const scan =
    'mutation { scanTarget(input: {target: "web-1", confirm: ["SHA256:a"]}) { keys { edges { node { line trusted } } } certificate { sha256 names problem trusted } confirmed errors { code } } }';
  const before = graphql.calls.length;
  for (const login of ['spl_user', 'spl_auditor']) {
    expect((await graphql.run(scan, login)).json.errors).toBeTruthy();
  }
  expect(graphql.calls).toHaveLength(before);
  expect((await graphql.run(scan)).json.data).toEqual({
    scanTarget: {
      keys: { edges: [{ node: { line: 'ssh-ed25519 AAAA', trusted: false } }] },
      certificate: { sha256: 'ab', names: 'DNS:db1', problem: 'it has expired', trusted: false },
      confirmed: ['SHA256:a'],
      errors: [],
    },
  });
});

test('a page of events is one page in the store, whatever else stands in its streams', async () => {
  const given: number[] = [];
  for (const name of ['readStream', 'readAt'] as const) {
    const real = graphql.log[name].bind(graphql.log) as (...all: unknown[]) => Promise<readonly unknown[]>;
    const spy = vi.spyOn(graphql.log, name).mockImplementation((async (...all: unknown[]) => {
      const events = await real(...all);
      given.push(events.length);
      return events;
    }) as never);
    onTestFinished(() => spy.mockRestore());
  }
  const own = await graphql.run(
    'query($id: ID!) { session(id: $id) { events(first: 1) { edges { cursor } } } }',
    'spl_admin',
    {
      id: sessions.ended,
    },
  );
  expect(own.json.data.session.events.edges).toHaveLength(1);
  const found = await graphql.run(
    'query($id: ID!) { events(first: 1, filter: {session: $id}) { edges { node { type } } } }',
    'spl_admin',
    {
      id: sessions.ended,
    },
  );
  expect(typesOf(found.json.data.events)).toEqual(['SessionOpened']);
  expect(given).toContain(2);
  expect(Math.max(...given)).toBe(2);
});
