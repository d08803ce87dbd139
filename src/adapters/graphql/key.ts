import type { StoredEvent } from '../../domain/kernel/event.ts';
import { isStreamIdOf, type KeyId } from '../../domain/kernel/ids.ts';
import { personalText } from '../../domain/kernel/personal.ts';
import type { PublicKeyRegistered } from '../../domain/key/events.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './context.ts';
import { userOf } from './lookups.ts';
import { KeyRef, UserRef } from './refs.ts';

/** Fingerprint and comment are personal: no view holds them, the log opens them. */
async function registration(
  { application }: GraphqlContext,
  id: KeyId,
): Promise<StoredEvent<PublicKeyRegistered> | undefined> {
  const [first] = await application.log.readStream(id);
  return first?.type === 'PublicKeyRegistered' ? (first as StoredEvent<PublicKeyRegistered>) : undefined;
}

builder.node(KeyRef, {
  description: 'A public key that is a live pass for SSH.',
  id: { resolve: (key) => key.id },
  isTypeOf: (value) =>
    typeof value === 'object' && value !== null && 'id' in value && isStreamIdOf('key', String(value.id)),
  authScopes: (key) => ({ self: key.userId, auditor: true, admin: true }),
  fields: (t) => ({
    user: t.field({ type: UserRef, resolve: ({ userId }, _args, context) => userOf(context, userId) }),
    fingerprint: t.string({
      description: '`SHA256:…`, as ssh-keygen shows it.',
      nullable: true,
      resolve: async ({ id }, _args, context) => {
        const event = await registration(context, id);
        return event === undefined ? null : personalText(event.data.fingerprint);
      },
    }),
    algorithm: t.string({
      nullable: true,
      resolve: async ({ id }, _args, context) => (await registration(context, id))?.data.algorithm ?? null,
    }),
    comment: t.string({
      nullable: true,
      resolve: async ({ id }, _args, context) => {
        const event = await registration(context, id);
        return event === undefined ? null : personalText(event.data.comment);
      },
    }),
    registeredAt: t.field({
      type: 'DateTime',
      nullable: true,
      resolve: async ({ id }, _args, context) => (await registration(context, id))?.metadata.at ?? null,
    }),
    expiresAt: t.field({ type: 'DateTime', resolve: (key) => key.expiresAt }),
    lastUsedAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ row }) => row?.lastUsedAt ?? null }),
    lastUsedFrom: t.string({ nullable: true, resolve: ({ row }) => row?.lastUsedFrom ?? null }),
    uses: t.int({ description: 'Sessions opened with it.', resolve: ({ row }) => row?.uses ?? 0 }),
  }),
});
