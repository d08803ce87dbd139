import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGraphql, type TestGraphql } from './graphql-kit.ts';

let graphql: TestGraphql;
beforeAll(async () => {
  graphql = await startTestGraphql();
});
afterAll(async () => graphql.close());

const told = async (query: string, as = 'spl_admin', variables: unknown = {}): Promise<string> => {
  const { errors = [] } = (await graphql.run(query, as, variables)).json as { errors?: { message: string }[] };
  return errors.map(({ message }) => message).join('\n');
};

test('no login, no answer: not even __typename', async () => {
  for (const as of ['', 'spl_gone', 'spt_token']) expect((await graphql.run('{ __typename }', as)).status).toBe(401);
});

test('depth 10 is taken, 11 is not, through fragments too', async () => {
  const nested = (inner: string): string =>
    `{ sessions(first: 1) { edges { node { user { sessions(first: 1) { edges { node { ${inner} } } } } } } } }`;
  expect(await told(nested('user { name }'))).toBe('');
  expect(await told(nested('user { tokens(first: 1) { pageInfo { endCursor } } }'))).toContain('depth');
  expect(
    await told(nested('user { ...f } target { id }').concat(' fragment f on User { tokens { edges { cursor } } }')),
  ).toContain('depth');
  expect(
    await told('{ ...a } fragment a on Query { session(id: "x") { ...b } } fragment b on Session { user { name } }'),
  ).toBe('');
});

test('cost 1,000 is the most, with page sizes from variables too', async () => {
  const nested =
    'query($n: Int!) { sessions(first: $n) { edges { node { events(first: $n) { edges { node { metadata { at } } } } } } } }';
  expect(await told(nested, 'spl_admin', { n: 5 })).toBe('');
  expect(await told(nested, 'spl_admin', { n: 100 })).toContain('complexity');
  expect(await told(nested, 'spl_admin', { n: 5 })).toBe('');
  expect(
    await told(
      'query($n: Int) { sessions(first: $n) { edges { node { user { sessions(first: $n) { edges { cursor } } } } } } }',
    ),
  ).toBe('');
});

test('what decides much for a page costs a tenth of a request, however short the page is', async () => {
  for (const field of ['reach', 'recent', 'sshKeys']) {
    const times = (n: number): string =>
      `{ viewer { ${Array.from({ length: n }, (_, i) => `a${i}: ${field}(first: 1) { edges { cursor } }`).join(' ')} } }`;
    expect(await told(times(9), 'spl_user'), field).not.toContain('complexity');
    expect(await told(times(10), 'spl_user'), field).toContain('complexity');
  }
});

test('a full page of events and of sessions, as the command line asks for them, is within the cost', async () => {
  const events =
    '{ events(first: 100) { edges { cursor node { id position stream streamVersion type schemaVersion data metadata { at actor correlationId causationId } } } pageInfo { hasNextPage endCursor } } }';
  const sessions =
    '{ sessions(first: 100) { edges { cursor node { id user { id name } target { id name } account { id name } recording { duty chunks bytes } } } pageInfo { hasNextPage endCursor } } }';
  expect(await told(events)).toBe('');
  expect(await told(sessions)).toBe('');
});

test('1,000 tokens, 20 aliases, 100 kB', async () => {
  const ids = (n: number): string => `{ nodes(ids: [${'"x" '.repeat(n)}]) { id } }`;
  expect(await told(ids(900))).not.toContain('token');
  expect(await told(ids(1000))).toContain('token');
  const aliases = (n: number): string => `{ ${Array.from({ length: n }, (_, i) => `a${i}: logHead`).join(' ')} }`;
  expect(await told(aliases(20))).toBe('');
  expect(await told(aliases(21))).toContain('aliases');
  const long = await graphql.web.post(
    '/graphql',
    { query: '{ logHead }', variables: { x: 'x'.repeat(100_000) } },
    'spl_admin',
  );
  expect(long.status).toBe(413);
});

test('no batches, no GET, JSON only', async () => {
  const batch = await graphql.web.post('/graphql', [{ query: '{ logHead }' }, { query: '{ logHead }' }], 'spl_admin');
  expect(batch.status).toBe(400);
  const get = await graphql.web.ask('/graphql?query=%7BlogHead%7D', {
    as: 'spl_admin',
    headers: { accept: 'application/json' },
  });
  expect(get.headers['content-type']).toContain('text/html');
  for (const type of [
    'application/graphql',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-8',
  ]) {
    const { status } = await graphql.web.ask('/graphql', {
      method: 'POST',
      as: 'spl_admin',
      body: '{"query":"{logHead}"}',
      headers: { 'content-type': type },
    });
    expect([type, status]).toEqual([type, 415]);
  }
});

describe('introspection', () => {
  test('is for administrators, exempt from depth and cost', async () => {
    const query = getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true });
    const { json } = await graphql.run(query, 'spl_admin');
    expect(json.errors).toBeUndefined();
    expect(json.data.__schema.types.length).toBeGreaterThan(20);
    const deep =
      '{ __schema { types { fields { type { ofType { ofType { ofType { fields { type { ofType { name } } } } } } } } } } }';
    expect(await told(deep)).toBe('');
  });

  test('is for nobody else, also after an administrator asked the same', async () => {
    const query = '{ __type(name: "User") { name } }';
    expect(await told(query)).toBe('');
    for (const as of ['spl_user', 'spl_auditor', 'spl_operator'])
      expect(await told(query, as)).toContain('introspection');
    expect(await told('{ __typename viewer { __typename } }', 'spl_user')).toBe('');
  });
});

test('GraphiQL is for administrators and brings all it needs', async () => {
  expect((await graphql.web.ask('/graphql')).status).toBe(401);
  expect((await graphql.web.ask('/graphql', { as: 'spl_auditor' })).status).toBe(403);
  const { status, headers, body } = await graphql.web.ask('/graphql', {
    headers: { cookie: '__Host-sallyport=spl_admin' },
  });
  expect(status).toBe(200);
  const csp = headers['content-security-policy'] ?? '';
  expect(csp).toMatch(/default-src 'none'; script-src 'sha256-/);
  expect(csp).not.toMatch(/https?:|unsafe-eval/);
  expect(/<(?:script|link|img)[^>]+(?:src|href)="https?:/.test(body)).toBe(false);
});
