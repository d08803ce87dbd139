import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './schema-types.d.ts';

/** Documents typed by schema.graphql: `npm run schema` makes their types anew. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { DateTime: string; Count: number; JSON: unknown };
}>();

export type { ResultOf, VariablesOf } from 'gql.tada';
