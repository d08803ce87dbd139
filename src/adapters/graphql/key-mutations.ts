import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import type { KeyChallengeShown, Refusal } from '../../application/ports/application-face.ts';
import { builder } from './builder.ts';
import { absent, freshFactorForm, type Outcome, RefusalRef } from './mutations.ts';
import { KeyRef, type KeyShape } from './refs.ts';

interface Challenged {
  readonly challenge: KeyChallengeShown | null;
  readonly errors: readonly Refusal[];
}

interface Registered {
  readonly key: KeyShape | null;
  readonly errors: readonly Refusal[];
}

const publicKeyForm = 'One line in OpenSSH’s form: `ssh-ed25519 AAAA… comment`.';

const ChallengeRef = builder.objectRef<KeyChallengeShown>('KeyChallenge');
builder.objectType(ChallengeRef, {
  description: 'What a key has to sign before it becomes a pass: once, by this login, for this key.',
  authScopes: { self: true },
  fields: (t) => ({
    text: t.exposeString('text', { description: 'To be signed as it stands, without a line end.' }),
    namespace: t.exposeString('namespace', { description: 'For `ssh-keygen -Y sign -n`.' }),
    expiresAt: t.field({ type: 'DateTime', resolve: ({ expiresAt }) => expiresAt }),
  }),
});

builder.relayMutationField(
  'challengePublicKey',
  { inputFields: (t) => ({ publicKey: t.string({ required: true, description: publicKeyForm }) }) },
  {
    authScopes: { self: true },
    resolve: async (_root, { input: { publicKey } }, { application, viewer }): Promise<Challenged> => {
      const result = await application.challengePublicKey(viewer, publicKey);
      return result.ok ? { challenge: result.challenge, errors: [] } : { challenge: null, errors: result.errors };
    },
  },
  {
    outputFields: (t) => ({
      challenge: t.field({ type: ChallengeRef, nullable: true, resolve: ({ challenge }) => challenge }),
      errors: t.field({ type: [RefusalRef], resolve: ({ errors }) => errors }),
    }),
  },
);

builder.relayMutationField(
  'registerPublicKey',
  {
    inputFields: (t) => ({
      publicKey: t.string({ required: true, description: publicKeyForm }),
      challenge: t.string({ description: 'The text that challengePublicKey gave. Without it nothing is registered.' }),
      signature: t.string({ description: 'The armored text that `ssh-keygen -Y sign` made over it.' }),
      ttlSeconds: t.int({ description: 'From 1 to 28800, the default.' }),
      freshFactor: t.id({ description: freshFactorForm }),
    }),
  },
  {
    authScopes: { self: true },
    resolve: async (_root, { input }, { application, viewer }): Promise<Registered> => {
      const { publicKey, challenge, signature, ttlSeconds = null, freshFactor = null } = input;
      const proof = challenge && signature ? { challenge, signature } : null;
      const result = await application.registerPublicKey(viewer, { publicKey, proof, ttlSeconds, freshFactor });
      if (!result.ok) return { key: null, errors: result.errors };
      const { id, userId, expiresAt } = result.key;
      return { key: { id, userId, expiresAt, row: undefined }, errors: [] };
    },
  },
  {
    outputFields: (t) => ({
      key: t.field({ type: KeyRef, nullable: true, resolve: ({ key }) => key }),
      errors: t.field({ type: [RefusalRef], resolve: ({ errors }) => errors }),
    }),
  },
);

builder.relayMutationField(
  'revokeKey',
  { inputFields: (t) => ({ id: t.id({ required: true }) }) },
  {
    authScopes: { self: true },
    resolve: async (_root, { input: { id } }, { application, viewer }): Promise<Outcome> => {
      if (!isStreamIdOf('key', id)) return absent('key', id);
      const result = await application.revokePass(viewer, id);
      return result.ok ? { id, errors: [] } : { id: null, errors: result.errors };
    },
  },
  {
    outputFields: (t) => ({
      id: t.exposeID('id', { nullable: true, description: 'The revoked key.' }),
      errors: t.field({ type: [RefusalRef], resolve: ({ errors }) => errors }),
    }),
  },
);
