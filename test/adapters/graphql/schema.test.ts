import { readFileSync } from 'node:fs';
import { GraphQLObjectType, GraphQLSchema, GraphQLString, isObjectType } from 'graphql';
import { expect, test } from 'vitest';
import { buildSchema, fieldsWithoutScope, schemaText } from '../../../src/adapters/graphql/schema.ts';

test('schema.graphql is what the code says; `npm run schema` writes it', () => {
  const file = new URL('../../../schema.graphql', import.meta.url);
  expect(readFileSync(file, 'utf8')).toBe(schemaText());
});

test('every field has a scope of its own or of its type', () => {
  expect(fieldsWithoutScope(buildSchema())).toEqual([]);
});

test('a field without scope is found', () => {
  const fields = {
    open: { type: GraphQLString },
    guarded: { type: GraphQLString, extensions: { pothosOptions: { authScopes: { self: true } } } },
  };
  const schema = new GraphQLSchema({ query: new GraphQLObjectType({ name: 'Query', fields }) });
  expect(fieldsWithoutScope(schema)).toEqual(['Query.open']);
});

test('every list of objects is a connection, but for errors, nodes and the few ways to one account', () => {
  const lists = Object.values(buildSchema().getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) =>
      isObjectType(type) ? Object.values(type.getFields()).map((field) => [type.name, field] as const) : [],
    )
    .filter(([, field]) => /^\[(?!String|ID|Protocol)/.test(String(field.type)))
    .map(([name, field]) => `${name}.${field.name}`)
    .filter((place) => !/Connection\.edges$|Payload\.(errors|results)$/.test(place));
  expect(lists).toEqual(['Query.nodes', 'ReachEntry.connect']);
});
