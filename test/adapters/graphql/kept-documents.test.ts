import { buildSchema, parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphqlContext } from '../../../src/adapters/graphql/context.ts';
import { documentChecks } from '../../../src/adapters/graphql/document-checks.ts';
import { KeptDocuments, keptDocuments } from '../../../src/adapters/graphql/kept-documents.ts';
import { count } from '../../kit/counts.ts';
import { openSession, person, startTestGraphql, type TestGraphql, uuid } from './graphql-kit.ts';

test('however many documents come, a bounded number is kept: those that were asked for last', () => {
  const kept = new KeptDocuments();
  const document = parse('{ a }');
  kept.keep('favourite', document);
  for (let n = 0; n < count(20_000, 1_000_000); n += 1) {
    kept.keep(`{ a${n} }`, document);
    expect(kept.get('favourite')).toBe(document);
  }
  expect(kept.size).toBe(keptDocuments.documents);
  expect(kept.get('{ a0 }')).toBeUndefined();
});

test('a long document is not kept', () => {
  const kept = new KeptDocuments();
  kept.keep('x'.repeat(keptDocuments.characters + 1), parse('{ a }'));
  expect(kept.size).toBe(0);
});

test('a document that fits the schema is parsed once, one that does not is never kept', async () => {
  const kept = new KeptDocuments();
  const plugins = [documentChecks(kept)];
  const yoga = createYoga<GraphqlContext>({ schema: buildSchema('type Query { a: Int }'), logging: false, plugins });
  const ask = async (query: string): Promise<unknown> => {
    const body = JSON.stringify({ query });
    const headers = { 'content-type': 'application/json' };
    const context = { viewer: person('spl_user') } as GraphqlContext;
    const answer = await yoga.fetch('http://localhost/graphql', { method: 'POST', headers, body }, context);
    return answer.json();
  };
  for (const wrong of ['{ b }', '{ a', '{ a { b } }']) expect(await ask(wrong)).toHaveProperty('errors');
  expect(kept.size).toBe(0);
  expect(await ask('{ a }')).toEqual({ data: { a: null } });
  const first = kept.get('{ a }');
  expect(first).toBeDefined();
  expect(await ask('{ a }')).toEqual({ data: { a: null } });
  expect(kept.get('{ a }')).toBe(first);
});

describe('the same text again', () => {
  let graphql: TestGraphql;
  beforeAll(async () => {
    graphql = await startTestGraphql();
    for (const login of ['spl_user', 'spl_auditor']) {
      await openSession(graphql, login, '2026-01-02T05:00:00.000Z', `target-${uuid()}`);
    }
  });
  afterAll(async () => graphql.close());

  test('gives each person their own', async () => {
    const query = '{ sessions { edges { node { user { id } } } } }';
    const seen = async (as: string): Promise<string[]> => {
      const { data } = (await graphql.run(query, as)).json as {
        data: { sessions: { edges: { node: { user: { id: string } } }[] } };
      };
      return data.sessions.edges.map(({ node }) => node.user.id);
    };
    const [user, auditor] = [person('spl_user').userId, person('spl_auditor').userId];
    for (let round = 0; round < 2; round += 1) {
      expect((await seen('spl_auditor')).sort()).toEqual([user, auditor].sort());
      expect(await seen('spl_user')).toEqual([user]);
    }
  });

  test('is held against the limits for its variables and its operation each time', async () => {
    const page = 'sessions(first: $n) { edges { node { user { sessions(first: $n) { edges { cursor } } } } } }';
    const query = `query small { sessions(first: 1) { edges { cursor } } } query large($n: Int) { ${page} }`;
    const told = async (n: number, operationName: string): Promise<string> => {
      const answer = await graphql.web.post('/graphql', { query, variables: { n }, operationName }, 'spl_admin');
      return JSON.stringify(answer.json.errors ?? null);
    };
    for (let round = 0; round < 2; round += 1) {
      expect(await told(2, 'large')).toBe('null');
      expect(await told(100, 'large')).toContain('complexity');
      expect(await told(100, 'small')).toBe('null');
    }
  });

  test('is introspection for administrators only, whoever asked first', async () => {
    const query = '{ __type(name: "Session") { name } }';
    for (let round = 0; round < 2; round += 1) {
      expect((await graphql.run(query, 'spl_admin')).json.errors).toBeUndefined();
      expect(JSON.stringify((await graphql.run(query, 'spl_user')).json)).toContain('introspection');
    }
  });
});
