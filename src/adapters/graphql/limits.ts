import { createComplexityRule } from '@pothos/plugin-complexity';
import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  TypeInfo,
  validate,
  ValidationContext,
  type ValidationRule,
  visit,
} from 'graphql';
import type { GraphqlContext } from './context.ts';

/** Q3. Tokens are counted while parsing, the rest before anything is resolved. */
export const limits = { depth: 10, cost: 1_000, tokens: 1_000, aliases: 20 } as const;

function aliasLimit(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  return {
    Field: (node) => {
      if (node.alias === undefined) return;
      aliases += 1;
      if (aliases === limits.aliases + 1) {
        context.reportError(new GraphQLError(`A document has at most ${limits.aliases} aliases.`, { nodes: node }));
      }
    },
  };
}

/** What holds for a document whoever asks it, beside that it fits the schema. */
export const documentRules: readonly ValidationRule[] = [aliasLimit];

/** Errors where a document asks for the schema itself, which only administrators may; depth and cost do not count that. */
export function asksForSchema(schema: GraphQLSchema, document: DocumentNode): readonly GraphQLError[] {
  return validate(schema, document, [NoSchemaIntrospectionCustomRule]);
}

/** Depth and cost of one request, as its variables make them; they follow our own fields only. */
export function costErrors(
  context: GraphqlContext,
  schema: GraphQLSchema,
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>>,
  operationName: string | undefined,
): readonly GraphQLError[] {
  const errors: GraphQLError[] = [];
  const rule = createComplexityRule({
    context,
    variableValues: variables,
    ...(operationName === undefined ? {} : { operationName }),
    maxDepth: limits.depth,
    maxComplexity: limits.cost,
  });
  const visitor = rule(new ValidationContext(schema, document, new TypeInfo(schema), (error) => errors.push(error)));
  // It walks each operation by itself, so that nothing below the definitions need be visited.
  visit(document, visitor, { Document: ['definitions'] });
  return errors;
}
