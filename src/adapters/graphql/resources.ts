import type { ListedResource } from '../../application/ports/administration.ts';
import type { Refused } from '../../application/ports/viewer.ts';
import { kinds } from '../../application/resources/kinds.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { builder } from './builder.ts';
import { connection, decodeCursor, encodeCursor, pageSize } from './paging.ts';
import { pageArgs } from './page-args.ts';
import { searchForm, searchWords } from './search.ts';

export const ResourceKindRef = builder.enumType('ResourceKind', { values: kinds });
const admin = { admin: true } as const;

type Referrer = Awaited<ReturnType<ListedResource['referrers']>>[number];
const ReferrerRef = builder.objectRef<Referrer>('ResourceRef');
builder.objectType(ReferrerRef, {
  description: 'A resource as another is named by it.',
  authScopes: admin,
  fields: (t) => ({ id: t.exposeID('id'), kind: t.exposeString('kind'), name: t.exposeString('name') }),
});
const ReferrerConnection = builder.connectionObject({ name: 'ResourceRefConnection', type: ReferrerRef });

const ResourceRef = builder.objectRef<ListedResource>('Resource');
builder.objectType(ResourceRef, {
  description: 'Something declared by YAML, as `sallyport get` shows it: write-only values are never in it.',
  authScopes: admin,
  fields: (t) => ({
    id: t.id({
      nullable: true,
      description: 'Null: built in, without a stream of its own.',
      resolve: ({ id }) => id,
    }),
    kind: t.string({ resolve: ({ document }) => document.kind }),
    name: t.string({ resolve: ({ document }) => document.metadata.name }),
    labels: t.field({ type: 'JSON', resolve: ({ document }) => document.metadata.labels }),
    document: t.field({ type: 'JSON', resolve: ({ document }) => document }),
    yaml: t.exposeString('yaml', { description: 'The same as text, to be edited and applied.' }),
    hasSecret: t.exposeBoolean('hasSecret', {
      description: 'Whether write-only values of it are in custody; they are never shown.',
    }),
    declaredAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Since when it stands as it is; of users, groups and roles when they were made.',
      resolve: ({ declaredAt }) => declaredAt,
    }),
    referrers: t.field({
      type: ReferrerConnection,
      description: 'What names it. While there are any it can not be deleted.',
      args: pageArgs(t),
      resolve: async (resource, args) => {
        const size = pageSize(args);
        const after = args.after ?? null;
        const all = (await resource.referrers()).toSorted((a, b) => (a.id < b.id ? -1 : 1));
        const rest = after === null ? all : all.filter(({ id }) => id > after);
        return connection(rest.slice(0, size + 1), size, after, ({ id }) => id);
      },
    }),
  }),
});
const ResourceConnection = builder.connectionObject({ name: 'ResourceConnection', type: ResourceRef });

/** A kind comes from an enum, so that it is known. */
function known<T>(answer: ({ readonly ok: true } & T) | Refused): T {
  if (answer.ok) return answer;
  throw new SallyportError('invalid', answer.errors[0]?.code ?? 'invalid', answer.errors[0]?.message ?? '');
}

builder.queryFields((t) => ({
  resources: t.field({
    type: ResourceConnection,
    description: 'The resources of one kind by name; built-in roles come first.',
    authScopes: admin,
    args: {
      kind: t.arg({ type: ResourceKindRef, required: true }),
      search: t.arg.string({ description: searchForm }),
      ...pageArgs(t),
    },
    resolve: async (_root, { kind, search, ...page }, { application, viewer }) => {
      const size = pageSize(page);
      const after = page.after ?? null;
      const wish = {
        search: searchWords(search),
        limit: size + 1,
        after: after === null ? null : decodeCursor(after),
      };
      const { resources } = known(await application.listResources(viewer, kind, wish));
      return connection(resources, size, after, ({ place }) => encodeCursor(place.value, place.key));
    },
  }),
  resource: t.field({
    type: ResourceRef,
    nullable: true,
    authScopes: admin,
    args: { kind: t.arg({ type: ResourceKindRef, required: true }), name: t.arg.string({ required: true }) },
    resolve: async (_root, { kind, name }, { application, viewer }) =>
      known(await application.findResource(viewer, kind, name)).resource,
  }),
}));
