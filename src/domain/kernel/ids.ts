/**
 * Stream ids are the ids of everything (HOUSE.md, "Streams"): `<category>-<uuid>`, from a closed list of categories.
 * `name-<hmac>` and `identity-<hmac>` are the categories without a uuid: what they are found by is a keyed digest.
 * No name, subject or e-mail address ever stands in a stream id.
 */
export const categories = [
  'name',
  'user',
  'group',
  'role',
  'identity',
  'factor',
  'authentication',
  'login',
  'grant',
  'provider',
  'token',
  'key',
  'target',
  'account',
  'credential',
  'sshkey',
  'condition',
  'entitlement',
  'policy',
  'factorprovider',
  'session',
  'favourites',
  'node',
  'guessing',
] as const;

export type Category = (typeof categories)[number];

/** A stream id of one category, for example `token-6f9619ff-8b86-4d01-b42d-00cf4fc964ff`. */
export type StreamId<C extends Category = Category> = `${C}-${string}`;

export type UserId = StreamId<'user'>;
/** Somebody as one provider knows them: the keyed digest of provider and subject (security rule A6). */
export type IdentityId = StreamId<'identity'>;
/** A second factor that a person enrolled. */
export type FactorId = StreamId<'factor'>;
export type TokenId = StreamId<'token'>;
/** A person's own public key, registered as a pass. */
export type KeyId = StreamId<'key'>;
export type LoginId = StreamId<'login'>;
/** One code of the device flow. */
export type GrantId = StreamId<'grant'>;
/** What lets a person open sessions; one stream each. */
export type PassId = TokenId | KeyId | LoginId;
export type TargetId = StreamId<'target'>;
export type AccountId = StreamId<'account'>;
export type CredentialId = StreamId<'credential'>;
export type SshKeyId = StreamId<'sshkey'>;
export type ConditionId = StreamId<'condition'>;
export type EntitlementId = StreamId<'entitlement'>;
export type PolicyId = StreamId<'policy'>;
export type SessionId = StreamId<'session'>;
export type AuthenticationId = StreamId<'authentication'>;
/** What a person marked; with the uuid of the user. */
export type FavouritesId = StreamId<'favourites'>;
export type NodeId = StreamId<'node'>;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const hmac = /^[0-9a-f]{64}$/;

/** Builds a stream id; `id` is a lower-case uuid (for `name` and `identity` a 64-digit hex HMAC). */
export function streamId<C extends Category>(category: C, id: string): StreamId<C> {
  return `${category}-${id}`;
}

/** The category of a stream id, or undefined when the text is no stream id of ours. */
export function categoryOf(text: string): Category | undefined {
  const dash = text.indexOf('-');
  const category = categories.find((known) => known === text.slice(0, dash));
  if (category === undefined) return undefined;
  return (category === 'name' || category === 'identity' ? hmac : uuid).test(text.slice(dash + 1))
    ? category
    : undefined;
}

/** True when `text` is a stream id of the given category. */
export function isStreamIdOf<C extends Category>(category: C, text: string): text is StreamId<C> {
  return categoryOf(text) === category;
}
