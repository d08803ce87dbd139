import { createComplexityRule } from '@pothos/plugin-complexity';
import {
  type ASTVisitor,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import { type GraphqlContext, has } from './context.ts';

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

/**
 * The rules for one request. Introspection is for administrators; depth and cost do not count it, since they follow our
 * own fields only.
 */
export function limitRules(
  context: GraphqlContext,
  variables: Readonly<Record<string, unknown>>,
  operationName: string | undefined,
): readonly ValidationRule[] {
  const complexity = createComplexityRule({
    context,
    variableValues: variables,
    ...(operationName === undefined ? {} : { operationName }),
    maxDepth: limits.depth,
    maxComplexity: limits.cost,
  });
  return [aliasLimit, complexity, ...(has(context, 'administer') ? [] : [NoSchemaIntrospectionCustomRule])];
}
