import { expect, test } from 'vitest';
import type { GraphqlFace } from '../../../src/adapters/graphql/context.ts';
import { graphqlRoutes } from '../../../src/adapters/graphql/routes.ts';
import type { ViewerContext } from '../../../src/application/ports/http-route.ts';
import { doors, person } from './graphql-kit.ts';

/** The list as it would be if its filter were lost: whoever asks, the view gives sessions of another person. */
async function listFor(login: string, endedAt: string | null): Promise<string> {
  const session = {
    ...{ sessionId: 'session-1', userId: person('spl_auditor').userId, source: '192.0.2.1' },
    ...{ startedAt: '2026-01-02T05:00:00.000Z', endedAt },
  };
  const view = { find: () => [session], get: () => session, reached: async () => {} };
  const face = { views: { sessionHistory: view }, log: { head: async () => '' } } as unknown as GraphqlFace;
  const route = graphqlRoutes(face, doors, () => {}).find(({ method }) => method === 'POST');
  if (route === undefined) throw new Error('no route');
  const query = '{ sessions { edges { node { __typename id source } } } }';
  const headers = { 'content-type': 'application/json' };
  const request = new Request('https://localhost/graphql', {
    method: 'POST',
    headers,
    body: JSON.stringify({ query }),
  });
  const viewer = person(login);
  const context: ViewerContext = {
    viewer,
    signal: new AbortController().signal,
    refresh: async () => viewer,
  } as unknown as ViewerContext;
  return (await route.handler(request, context)).text();
}

test('a session of somebody else is refused by itself, with all that is in it, even where a list would give it', async () => {
  const ended = '2026-01-02T06:00:00.000Z';
  for (const [login, at] of [
    ['spl_user', ended],
    ['spl_user', null],
    ['spl_operator', ended],
  ] as const) {
    const told = await listFor(login, at);
    expect(JSON.parse(told)).toMatchObject({ data: null, errors: [{ extensions: { code: 'denied' } }] });
    expect(told).not.toContain('192.0.2.1');
    expect(told).not.toContain('session-1');
  }
  expect(await listFor('spl_operator', null)).toContain('192.0.2.1');
  for (const login of ['spl_auditor', 'spl_admin']) expect(await listFor(login, ended)).toContain('192.0.2.1');
});
