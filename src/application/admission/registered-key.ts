import { isStreamIdOf, type KeyId, streamId } from '../../domain/kernel/ids.ts';
import { hasReached } from '../../domain/kernel/time.ts';
import type { KeyState } from '../../domain/key/state.ts';
import { nameDecider } from '../../domain/name/decider.ts';
import { FoldedStreams } from '../commands/folded-streams.ts';
import { readKey } from '../commands/pass-streams.ts';
import type { CommandTools } from '../commands/run-command.ts';
import type { PublicKeys } from '../ports/public-keys.ts';
import type { ReadModels } from '../ports/read-models.ts';
import type { NameKeys } from '../ports/system.ts';

export interface RegisteredKeyTools {
  readonly tools: CommandTools;
  readonly nameKeys: NameKeys;
}

/** Kind under which fingerprints are reserved. */
export const keyKind = 'public-key';

const names = new FoldedStreams(nameDecider);

export interface HeldKey {
  readonly keyId: KeyId;
  readonly state: KeyState;
}

/** The pass that holds the fingerprint with this keyed digest, live or not, read from the log itself; null: none. */
export async function registeredKey(tools: CommandTools, nameKey: string): Promise<HeldKey | null> {
  const keyId = await holderOfKey(tools, nameKey);
  return keyId === null ? null : { keyId, state: await readKey(tools, keyId) };
}

async function holderOfKey({ log }: CommandTools, nameKey: string): Promise<KeyId | null> {
  const { state } = await names.read(log, streamId('name', nameKey));
  return state.status === 'held' && isStreamIdOf('key', state.holder) ? state.holder : null;
}

/**
 * Whether a public key is a live pass, of whomever. This is all that a key offered without a signature learns (RFC 4252
 * section 7): the login name does not count, so that nobody finds out by it which names there are. Anybody may offer as
 * often as he likes, so it is answered from the view: it opens nothing, and the login reads the log.
 */
export async function isLivePass(
  {
    tools,
    nameKeys,
    publicKeys,
    views,
  }: RegisteredKeyTools & {
    readonly publicKeys: PublicKeys;
    readonly views: Pick<ReadModels, 'activeKeys'>;
  },
  key: Uint8Array,
): Promise<boolean> {
  const keyId = await holderOfKey(tools, nameKeys.nameKey(keyKind, publicKeys.fingerprint(key)));
  const row = keyId === null ? undefined : views.activeKeys.get(keyId);
  return row !== undefined && !hasReached(await tools.now(), row.expiresAt);
}
