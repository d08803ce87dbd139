import type { DocumentChange } from '../../application/ports/administration.ts';
import type { Refusal, ResourceError } from '../../application/ports/application-face.ts';
import { builder } from './builder.ts';
import { RefusalRef } from './mutations.ts';
import { ResourceKindRef } from './resources.ts';

const admin = { admin: true } as const;

const ChangeRef = builder.objectRef<DocumentChange>('ResourceChange');
builder.objectType(ChangeRef, {
  description: 'What one document of an apply does, without write-only values.',
  authScopes: admin,
  fields: (t) => ({
    kind: t.exposeString('kind'),
    name: t.exposeString('name'),
    change: t.exposeString('change', { description: 'created, changed or unchanged.' }),
    before: t.field({ type: 'JSON', nullable: true, description: 'Null: it is new.', resolve: ({ before }) => before }),
    after: t.field({ type: 'JSON', resolve: ({ after }) => after }),
  }),
});

export const ResourceErrorRef = builder.objectRef<ResourceError>('ResourceError');
builder.objectType(ResourceErrorRef, {
  description: 'What is wrong in the text that was applied; line and column count from 1.',
  authScopes: admin,
  fields: (t) => ({
    code: t.exposeString('code'),
    message: t.exposeString('message'),
    line: t.int({ nullable: true, resolve: ({ line }) => line ?? null }),
    column: t.int({ nullable: true, resolve: ({ column }) => column ?? null }),
  }),
});

interface Applied {
  readonly results: readonly DocumentChange[];
  readonly warnings: readonly string[];
  readonly errors: readonly ResourceError[];
}

builder.relayMutationField(
  'applyResources',
  {
    inputFields: (t) => ({
      documents: t.string({
        required: true,
        description: 'YAML. A request has at most 100 kB; apply more by `sallyport apply -f FILE`.',
      }),
      setSecrets: t.boolean({ description: 'Write-only values act on what exists too.' }),
      dryRun: t.boolean({ description: 'Says what would happen, and does nothing.' }),
    }),
  },
  {
    description: 'Makes what stands as the documents say: all of them, or with any error none.',
    authScopes: admin,
    resolve: async (_root, { input }, { application, viewer }): Promise<Applied> => {
      const options = { setSecrets: input.setSecrets ?? false, dryRun: input.dryRun ?? false };
      const answer = await application.changeResources(viewer, input.documents, options);
      if (!answer.ok) return { results: [], warnings: [], errors: answer.errors };
      return { results: answer.changes, warnings: answer.warnings, errors: [] };
    },
  },
  {
    outputFields: (t) => ({
      results: t.field({
        type: [ChangeRef],
        description: 'In the order of the documents.',
        resolve: ({ results }) => results,
      }),
      warnings: t.stringList({ resolve: ({ warnings }) => warnings }),
      errors: t.field({ type: [ResourceErrorRef], resolve: ({ errors }) => errors }),
    }),
  },
);

interface Deleted {
  readonly deleted: boolean;
  readonly errors: readonly Refusal[];
}

builder.relayMutationField(
  'deleteResource',
  {
    inputFields: (t) => ({
      kind: t.field({ type: ResourceKindRef, required: true }),
      name: t.string({ required: true }),
    }),
  },
  {
    description: 'Refused while others name it, which the error lists.',
    authScopes: admin,
    resolve: async (_root, { input: { kind, name } }, { application, viewer }): Promise<Deleted> => {
      const answer = await application.deleteResource(viewer, kind, name);
      return answer.ok ? { deleted: true, errors: [] } : { deleted: false, errors: answer.errors };
    },
  },
  {
    outputFields: (t) => ({
      deleted: t.exposeBoolean('deleted'),
      errors: t.field({ type: [RefusalRef], resolve: ({ errors }) => errors }),
    }),
  },
);
