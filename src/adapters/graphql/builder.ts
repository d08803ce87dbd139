import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import { getNamedType } from 'graphql';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { UserId } from '../../domain/kernel/ids.ts';
import { type GraphqlContext, has } from './context.ts';
import { isLeaf, pageSizeOf } from './cost.ts';

interface Types {
  Context: GraphqlContext;
  DefaultFieldNullability: false;
  AuthScopes: {
    /** `true`: any login; a user id: that user's login. */
    self: true | UserId;
    auditor: boolean;
    admin: boolean;
  };
  Scalars: {
    ID: { Input: string; Output: string };
    DateTime: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
    Count: { Input: number; Output: number };
  };
}

const anybody = { authScopes: { self: true } } as const;
/** Decided once for an object, not for each of its fields: these stand around every row of a list. */
const anybodyOnce = { ...anybody, runScopesOnType: true } as const;

/** The one builder; the files of this folder add their types to it. Any one of the scopes of a field lets a viewer in. */
export const builder = new SchemaBuilder<Types>({
  plugins: [ScopeAuthPlugin, RelayPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  scopeAuth: {
    authScopes: (context) => ({
      self: (owner) => has(context, 'self') && (owner === true || owner === context.viewer.userId),
      auditor: has(context, 'audit'),
      admin: has(context, 'administer'),
    }),
    authorizeOnSubscribe: true,
    unauthorizedError: (_parent, _context, info) =>
      new SallyportError('denied', 'denied', `Your roles do not permit ${info.parentType.name}.${info.fieldName}.`),
  },
  relay: {
    clientMutationId: 'omit',
    cursorType: 'String',
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    encodeGlobalID: (_type, id) => String(id),
    nodeTypeOptions: {
      ...anybody,
      description: 'Something with an id: the name of its stream, such as `token-<uuid>`.',
    },
    pageInfoTypeOptions: anybodyOnce,
    defaultConnectionTypeOptions: anybodyOnce,
    defaultEdgeTypeOptions: anybodyOnce,
    defaultPayloadTypeOptions: anybody,
  },
  complexity: {
    // Leaves are free; an object costs 1 and what is in it; a connection costs its page size times one node.
    fieldComplexity: (args, _context, field) =>
      isLeaf(getNamedType(field.type)) ? 0 : { field: 1, multiplier: pageSizeOf(args, field.type) },
  },
});

builder.queryType(anybody);
builder.mutationType(anybody);
builder.subscriptionType(anybody);
