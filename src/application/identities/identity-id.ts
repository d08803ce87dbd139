import { canonicalJson } from '../../domain/kernel/canonical-json.ts';
import { type IdentityId, streamId } from '../../domain/kernel/ids.ts';
import type { NameKeys } from '../ports/system.ts';

/** The stream of somebody as one provider knows them: a keyed digest of provider and subject (security rule A6). */
export function identityIdOf(nameKeys: NameKeys, provider: string, subject: string): IdentityId {
  // Names are made canonical where they are digested; two spellings of a subject are two people.
  const exact = Buffer.from(subject, 'utf8').toString('base64url');
  return streamId('identity', nameKeys.nameKey('identity', canonicalJson([provider, exact])));
}
