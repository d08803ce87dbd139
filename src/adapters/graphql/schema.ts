import { type GraphQLSchema, isObjectType, lexicographicSortSchema, printSchema } from 'graphql';
import { builder } from './builder.ts';
import './scalars.ts';
import './user.ts';
import './catalogue.ts';
import './token.ts';
import './key.ts';
import './session.ts';
import './event.ts';
import './reach.ts';
import './my-access.ts';
import './ssh-key.ts';
import './token-terms.ts';
import './own-login.ts';
import './queries.ts';
import './catalogue-lists.ts';
import './session-list.ts';
import './pass-lists.ts';
import './logins.ts';
import './policy-trials.ts';
import './mutations.ts';
import './key-mutations.ts';
import './provider-test.ts';
import './target-scan.ts';
import './resources.ts';
import './resource-mutations.ts';
import './subscription.ts';
import './terminal.ts';

/** Fields that no scope guards, as `Type.field`; an enum of introspection's own types is not ours to guard. */
export function fieldsWithoutScope(schema: GraphQLSchema): readonly string[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) => {
      if (!isObjectType(type) || hasScope(type.extensions)) return [];
      const fields = Object.values(type.getFields());
      return fields.filter((field) => !hasScope(field.extensions)).map((field) => `${type.name}.${field.name}`);
    });
}

function hasScope(extensions: Readonly<Record<string | symbol, unknown>>): boolean {
  const options = extensions.pothosOptions;
  return typeof options === 'object' && options !== null && 'authScopes' in options && options.authScopes !== undefined;
}

/** Throws when a field has no scope: nothing is served rather than something unguarded. */
export function buildSchema(): GraphQLSchema {
  const schema = builder.toSchema();
  const open = fieldsWithoutScope(schema);
  if (open.length > 0) throw new Error(`no scope on ${open.join(', ')}`);
  return schema;
}

/** The schema as text, sorted, as it stands in schema.graphql. */
export function schemaText(): string {
  return `${printSchema(lexicographicSortSchema(buildSchema()))}\n`;
}
