import {
  execute,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLSchema,
  parse,
} from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { expect, test } from 'vitest';
import type { GraphqlContext } from '../../../../src/adapters/graphql/context.ts';
import { plannedQueries } from '../../../../src/adapters/graphql/execution/planned-queries.ts';
import { queryExecutor } from '../../../../src/adapters/graphql/execution/execute-query.ts';
import { count } from '../../../kit/counts.ts';
import { anyQuery, anySchema } from './any-query.ts';

const schema = anySchema();
type Ask = (query: string, seed: string, variables?: unknown) => Promise<{ status: number; json: unknown }>;

function asker(plugins: Plugin<GraphqlContext>[]): Ask {
  const yoga = createYoga<GraphqlContext>({ schema, logging: false, maskedErrors: false, plugins });
  return async (query, seed, variables = {}) => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ query, variables }) };
    const answer = await yoga.fetch('http://localhost/graphql', init, { seed } as unknown as GraphqlContext);
    return { status: answer.status, json: comparable(await answer.json()) };
  };
}

interface Told {
  readonly data?: unknown;
  readonly errors?: readonly { message: string; path?: readonly (string | number)[]; locations?: unknown }[];
}

/**
 * The places that became null, each with the error of that very field. Which errors from below such a place are told as
 * well depends on what was faster (GraphQL, 6.4.4), and our own words for values that don't fit are fewer.
 */
function comparable({ data, errors = [] }: Told): unknown {
  const places = new Map<string, string>();
  for (const { message, path = [], locations } of errors) {
    const at = nullAlong(data, path);
    const place = JSON.stringify(at);
    const known = /^(thrown|rejected|given|Cannot return null|Variable)/.test(message) ? message : 'does not fit';
    places.set(place, at.length < path.length ? 'below' : JSON.stringify([locations, known]));
  }
  return { data, places: [...places].sort() };
}

function nullAlong(data: unknown, path: readonly (string | number)[]): readonly (string | number)[] {
  let value = data;
  for (const [index, key] of path.entries()) {
    if (value === null || value === undefined) return path.slice(0, index);
    value = (value as Record<string | number, unknown>)[key];
  }
  return path;
}

/** GraphQL.js itself. */
const walking: Plugin<GraphqlContext> = { onExecute: ({ setExecuteFn }) => setExecuteFn(execute) };
const walked = asker([walking]);
const planned = asker([walking, plannedQueries()]);

test('whatever is asked and whatever comes of it, the answer is the one of the library', async () => {
  let full = 0;
  let failed = 0;
  for (let n = 0; n < count(150, 20_000); n += 1) {
    const seed = `seed ${String(n)}`;
    const query = anyQuery(seed);
    const variables = n % 3 === 0 ? {} : n % 50 === 1 ? { n: 'no number' } : { n: n % 7, word: null };
    const answer = await planned(query, seed, variables);
    expect(answer, `${seed}: ${query}`).toEqual(await walked(query, seed, variables));
    const { data, places } = answer.json as { data: unknown; places: readonly unknown[] };
    if (data !== null && data !== undefined) full += 1;
    if (places.length > 0) failed += 1;
  }
  // Otherwise this has compared nothing but errors, or none.
  expect(full).toBeGreaterThan(count(150, 20_000) / 20);
  expect(failed).toBeGreaterThan(count(150, 20_000) / 20);
});

test('most queries have a plan: those with a directive and those of the schema itself have none', async () => {
  let others = 0;
  const counting: Plugin<GraphqlContext> = {
    onExecute: ({ setExecuteFn }) =>
      setExecuteFn(async (args: Parameters<typeof execute>[0]) => {
        others += 1;
        return execute(args);
      }),
  };
  const ask = asker([counting, plannedQueries()]);
  const asked = async (query: string): Promise<number> => {
    others = 0;
    await ask(query, 'seed');
    return others;
  };
  expect(await asked('{ one { text ... on Thing { many { must } } } }')).toBe(0);
  for (const query of [
    '{ text @skip(if: true) must }',
    '{ ...a } fragment a on Query { one @include(if: true) { text } }',
    '{ __schema { queryType { name } } }',
    '{ __proto__: text }',
  ]) {
    expect(await asked(query), query).toBe(1);
  }
});

test('a document of two operations has a plan for each', async () => {
  const query = 'query a { text } query b { number }';
  const yoga = createYoga<GraphqlContext>({ schema, logging: false, plugins: [plannedQueries()] });
  const fields = async (operationName: string): Promise<string[]> => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ query, operationName }) };
    const answer = await yoga.fetch('http://localhost/graphql', init, { seed: 'two' } as unknown as GraphqlContext);
    return Object.keys(((await answer.json()) as { data: object }).data);
  };
  for (let round = 0; round < 2; round += 1) {
    expect(await fields('a')).toEqual(['text']);
    expect(await fields('b')).toEqual(['number']);
  }
});

/** What a field of this type answers when its resolver gives this. */
async function answered(type: GraphQLOutputType, value: () => unknown): Promise<unknown> {
  const query = new GraphQLObjectType({ name: 'Query', fields: { it: { type, resolve: value } } });
  const text = type instanceof GraphQLObjectType ? '{ it { number } }' : '{ it }';
  const answer = await queryExecutor(execute)({ schema: new GraphQLSchema({ query }), document: parse(text) });
  return (answer as { data: unknown }).data;
}

test('an item that may not be null takes the list with it, and those behind it fail in silence', async () => {
  const late = Promise.reject(new Error('late'));
  // What nobody hears ends the process, and this test.
  expect(await answered(new GraphQLList(new GraphQLNonNull(GraphQLInt)), () => [null, late])).toEqual({ it: null });
});

test.each([
  [true, { it: { number: 1 } }],
  [false, { it: null }],
  [undefined, { it: null }],
  [null, { it: null }],
])('a type that says %s to a value', async (says, answer) => {
  const number = { type: GraphQLInt, resolve: () => 1 };
  const type = new GraphQLObjectType({ name: 'Thing', fields: { number }, isTypeOf: () => says! });
  expect(await answered(type, () => ({}))).toEqual(answer);
});
