import { isStreamIdOf, type KeyId, streamId } from '../../domain/kernel/ids.ts';
import { isLive } from '../../domain/kernel/pass.ts';
import { keyDecider } from '../../domain/key/decider.ts';
import type { KeyState } from '../../domain/key/state.ts';
import { nameDecider } from '../../domain/name/decider.ts';
import { type CommandTools, readState } from '../commands/run-command.ts';
import type { PublicKeys } from '../ports/public-keys.ts';
import type { NameKeys } from '../ports/system.ts';

export interface RegisteredKeyTools {
  readonly tools: CommandTools;
  readonly nameKeys: NameKeys;
}

/** Kind under which fingerprints are reserved. */
export const keyKind = 'public-key';

export interface HeldKey {
  readonly keyId: KeyId;
  readonly state: KeyState;
}

/** The pass that holds the fingerprint with this keyed digest, live or not, read from the log itself; null: none. */
export async function registeredKey({ log }: CommandTools, nameKey: string): Promise<HeldKey | null> {
  const name = await readState(log, nameDecider, streamId('name', nameKey));
  if (name.state.status !== 'held' || !isStreamIdOf('key', name.state.holder)) return null;
  const keyId = name.state.holder;
  const { state } = await readState(log, keyDecider, keyId);
  return { keyId, state };
}

/**
 * Whether a public key is a live pass, of whomever. This is all that a key offered without a signature learns (RFC 4252
 * section 7): the login name does not count, so that nobody finds out by it which names there are.
 */
export async function isLivePass(
  { tools, nameKeys, publicKeys }: RegisteredKeyTools & { readonly publicKeys: PublicKeys },
  key: Uint8Array,
): Promise<boolean> {
  const held = await registeredKey(tools, nameKeys.nameKey(keyKind, publicKeys.fingerprint(key)));
  return held !== null && isLive(held.state, await tools.now());
}
