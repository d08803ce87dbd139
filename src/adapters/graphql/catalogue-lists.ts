import type { CatalogueKind, CatalogueRow, DirectoryRow } from '../../application/ports/read-models.ts';
import type { Comparison } from '../../application/ports/views.ts';
import type { StreamId } from '../../domain/kernel/ids.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { catalogueShape, isGiven, userShape } from './lookups.ts';
import { type Connection, mapNodes, type PageArgs, viewPage } from './paging.ts';
import { pageArgs } from './page-args.ts';
import * as refs from './refs.ts';
import { searchForm, searchWords } from './search.ts';

/** What is declared, for those who look after it: people by when they came, the rest by name. */

const overseers = { auditor: true, admin: true } as const;

async function cataloguePage<K extends CatalogueKind>(
  context: GraphqlContext,
  kind: K,
  narrowed: Comparison<CatalogueRow>,
  args: PageArgs & { readonly search?: string | null | undefined },
): Promise<Connection<refs.CatalogueShape<StreamId<K>>>> {
  const where: Comparison<CatalogueRow> = { kind, withdrawn: 0, ...narrowed, ...sought(args.search) };
  const query = { where, orderBy: 'name', key: 'id' } as const;
  return mapNodes(
    await viewPage(context, context.application.views.targetCatalogue, query, args),
    catalogueShape<StreamId<K>>,
  );
}

/** What views look for; nothing is narrowed by no words. */
export function sought(search: string | null | undefined): {
  readonly search?: { readonly containing: readonly string[] };
} {
  const containing = searchWords(search);
  return containing.length === 0 ? {} : { search: { containing } };
}

builder.queryFields((t) => {
  const search = t.arg.string({ description: searchForm });
  return {
    users: t.field({
      type: refs.UserConnection,
      authScopes: overseers,
      args: { search, disabled: t.arg.boolean(), ...pageArgs(t) },
      resolve: async (_root, { search: text, disabled, ...page }, context) => {
        const where: Comparison<DirectoryRow> = {
          kind: 'user',
          removed: 0,
          ...(isGiven(disabled) ? { disabled: Number(disabled) } : {}),
          ...sought(text),
        };
        const query = { where, orderBy: 'createdAt', key: 'id' } as const;
        return mapNodes(await viewPage(context, context.application.views.directory, query, page), userShape);
      },
    }),
    targets: t.field({
      type: refs.TargetConnection,
      authScopes: overseers,
      args: {
        search,
        protocol: t.arg({ type: refs.ProtocolRef }),
        labels: t.arg.stringList({ description: 'Each as `name=value`; all of them.' }),
        trusted: t.arg.boolean({ description: 'Whether its identity is known.' }),
        ...pageArgs(t),
      },
      resolve: async (_root, { protocol, labels, trusted, ...args }, context) => {
        const narrowed: Comparison<CatalogueRow> = {
          ...(isGiven(protocol) ? { protocol } : {}),
          ...(isGiven(trusted) ? { trusted: Number(trusted) } : {}),
          ...(isGiven(labels) ? { labelled: { containing: labels.map((label) => `\n${label}\n`) } } : {}),
        };
        return cataloguePage(context, 'target', narrowed, args);
      },
    }),
    entitlements: t.field({
      type: refs.EntitlementConnection,
      authScopes: overseers,
      args: { search, ...pageArgs(t) },
      resolve: async (_root, args, context) => cataloguePage(context, 'entitlement', {}, args),
    }),
    policies: t.field({
      type: refs.PolicyConnection,
      authScopes: overseers,
      args: { search, ...pageArgs(t) },
      resolve: async (_root, args, context) => cataloguePage(context, 'policy', {}, args),
    }),
  };
});
