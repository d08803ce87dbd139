import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import type { Refusal } from '../../application/ports/application-face.ts';
import { builder } from './builder.ts';
import { ProtocolRef, TokenRef, type TokenShape } from './refs.ts';

export const RefusalRef = builder.objectRef<Refusal>('Refusal');
builder.objectType(RefusalRef, {
  description: 'A reasoned no: `code` is for programs, `message` says what happened and what to do.',
  authScopes: { self: true },
  fields: (t) => ({ code: t.exposeString('code'), message: t.exposeString('message') }),
});

export interface Outcome {
  readonly id: string | null;
  readonly errors: readonly Refusal[];
}
interface Issued {
  readonly token: TokenShape | null;
  readonly secret: string | null;
  readonly errors: readonly Refusal[];
}

export const absent = (what: string, id: string): Outcome => ({
  id: null,
  errors: [{ code: 'absent', message: `There is no ${what} ${JSON.stringify(id.slice(0, 80))}.` }],
});

export const freshFactorForm =
  'The authentication by which this login showed a second factor within the last 5 minutes; needed when the error `fresh-factor-needed` says so.';

builder.relayMutationField(
  'issueTemporaryToken',
  {
    inputFields: (t) => ({
      ttlSeconds: t.int({ description: 'From 1 to 28800, the default.' }),
      protocols: t.field({ type: [ProtocolRef], description: 'Absent: all.' }),
      target: t.string({ description: 'Name of the only target it is for.' }),
      freshFactor: t.id({ description: freshFactorForm }),
    }),
  },
  {
    authScopes: { self: true },
    resolve: async (_root, { input }, { application, viewer }): Promise<Issued> => {
      const { ttlSeconds = null, protocols = null, target = null, freshFactor = null } = input;
      const wish = { ttlSeconds, protocols, target, freshFactor };
      const result = await application.issueTemporaryToken(viewer, wish);
      if (!result.ok) return { token: null, secret: null, errors: result.errors };
      const { id, expiresAt, protocols: narrowed, target: targetId } = result.token;
      const token = { id, expiresAt, protocols: narrowed, targetId, userId: viewer.userId, row: undefined };
      return { token, secret: result.secret, errors: [] };
    },
  },
  {
    outputFields: (t) => ({
      token: t.field({ type: TokenRef, nullable: true, resolve: ({ token }) => token }),
      secret: t.exposeString('secret', {
        nullable: true,
        description: 'The password for the proxies; shown this once.',
      }),
      errors: t.field({ type: [RefusalRef], resolve: ({ errors }) => errors }),
    }),
  },
);

builder.relayMutationField(
  'revokeToken',
  { inputFields: (t) => ({ id: t.id({ required: true }) }) },
  {
    authScopes: { self: true },
    resolve: async (_root, { input: { id } }, { application, viewer }): Promise<Outcome> => {
      if (!isStreamIdOf('token', id)) return absent('token', id);
      const result = await application.revokePass(viewer, id);
      return result.ok ? { id, errors: [] } : { id: null, errors: result.errors };
    },
  },
  {
    outputFields: (t) => ({
      id: t.exposeID('id', { nullable: true, description: 'The revoked token.' }),
      errors: t.field({ type: [RefusalRef], resolve: ({ errors }) => errors }),
    }),
  },
);

builder.relayMutationField(
  'endSession',
  {
    inputFields: (t) => ({
      id: t.id({ required: true }),
      message: t.string({ description: 'A word to the person, shown at the end.' }),
    }),
  },
  {
    authScopes: { self: true },
    resolve: async (_root, { input: { id, message } }, { application, viewer }): Promise<Outcome> => {
      if (!isStreamIdOf('session', id)) return absent('session', id);
      const result = await application.endSession(viewer, id, message ?? null);
      return result.ok ? { id, errors: [] } : { id: null, errors: result.errors };
    },
  },
  {
    outputFields: (t) => ({
      id: t.exposeID('id', { nullable: true, description: 'The session that was told to end.' }),
      errors: t.field({ type: [RefusalRef], resolve: ({ errors }) => errors }),
    }),
  },
);
