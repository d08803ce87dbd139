import { afterAll, beforeAll, expect, test } from 'vitest';
import { person, startTestGraphql, type TestGraphql } from './graphql-kit.ts';

let graphql: TestGraphql;
beforeAll(async () => {
  graphql = await startTestGraphql();
});
afterAll(async () => {
  await graphql.close();
});

const openTerminal = async (input: string): Promise<unknown> => {
  const text = `mutation { openTerminal(input: ${input}) { ticket expiresAt errors { code } } }`;
  return (await graphql.run(text, 'spl_user')).json.data.openTerminal as unknown;
};

test('a ticket is for a target or for a session, and for nothing else', async () => {
  const session = 'session-00000000-0000-4000-8000-000000000001';
  const good = { ticket: 'one-time', expiresAt: '2099-01-01T00:00:00.000Z', errors: [] };
  expect(await openTerminal('{target: "web-1", account: "root", reason: "OPS-1"}')).toEqual(good);
  expect(await openTerminal(`{session: "${session}"}`)).toEqual(good);
  expect(graphql.calls.slice(-2)).toEqual([
    ['open-terminal', 'user', { target: 'web-1', account: 'root', reason: 'OPS-1' }],
    ['open-terminal', 'user', { session }],
  ]);
  const no = (code: string): unknown => ({ ticket: null, expiresAt: null, errors: [{ code }] });
  expect(await openTerminal('{target: "db-1"}')).toEqual(no('other-protocol'));
  for (const input of ['{}', `{target: "web-1", session: "${session}"}`, `{session: "${session}", reason: "x"}`]) {
    expect(await openTerminal(input)).toEqual(no('invalid'));
  }
  expect(await openTerminal('{session: "token-1"}')).toEqual(no('absent'));
  expect(await openTerminal(`{target: "${'x'.repeat(1001)}"}`)).toEqual(no('invalid'));
});

test('the terminals that are open are the own ones', async () => {
  const fields = 'terminals { edges { node { session target account openedAt attached } } }';
  const { data } = (await graphql.run(`{ viewer { ${fields} } }`, 'spl_user')).json;
  const { userId } = person('spl_user');
  expect(data).toMatchObject({
    viewer: { terminals: { edges: [{ node: { session: `session-${userId.slice(5)}`, target: 'web-1' } }] } },
  });
});
