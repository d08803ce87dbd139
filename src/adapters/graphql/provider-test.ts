import type { Finding } from '../../application/finding.ts';
import type { ResourceError } from '../../application/ports/application-face.ts';
import { builder } from './builder.ts';
import { ResourceErrorRef } from './resource-mutations.ts';

const FindingStateRef = builder.enumType('FindingState', {
  values: { OK: { value: 'ok' }, WARNING: { value: 'warning' }, PROBLEM: { value: 'problem' } } as const,
});

const FindingRef = builder.objectRef<Finding>('Finding');
builder.objectType(FindingRef, {
  description: 'What was looked at, what was found, and what to do. It holds no secret.',
  authScopes: { admin: true },
  fields: (t) => ({
    check: t.exposeString('check'),
    state: t.field({ type: FindingStateRef, resolve: ({ state }) => state }),
    message: t.exposeString('message'),
    mend: t.exposeString('mend', { nullable: true, description: 'Null: nothing is to be done.' }),
  }),
});

interface Tested {
  readonly results: readonly Finding[];
  readonly errors: readonly ResourceError[];
}

builder.relayMutationField(
  'testProvider',
  {
    inputFields: (t) => ({
      document: t.string({
        required: true,
        description:
          'YAML of one IdentityProvider, which need not stand. Without a secret in it, the one in custody is shown to whom it is for, and to nobody else.',
      }),
    }),
  },
  {
    description: 'Asks an identity provider what stands against a login by it, and changes nothing.',
    authScopes: { admin: true },
    resolve: async (_root, { input: { document } }, { application, viewer }): Promise<Tested> => {
      const answer = await application.testProvider(viewer, document);
      return answer.ok ? { results: answer.findings, errors: [] } : { results: [], errors: answer.errors };
    },
  },
  {
    outputFields: (t) => ({
      results: t.field({
        type: [FindingRef],
        description: 'In the order in which it was asked.',
        resolve: ({ results }) => results,
      }),
      errors: t.field({
        type: [ResourceErrorRef],
        description: 'Why it was not asked at all.',
        resolve: ({ errors }) => errors,
      }),
    }),
  },
);
