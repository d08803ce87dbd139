import { authenticationDecider } from '../../domain/authentication/decider.ts';
import type { PassRefusalReason } from '../../domain/authentication/events.ts';
import { isStreamIdOf, streamId, type TokenId, type UserId } from '../../domain/kernel/ids.ts';
import { hasReached } from '../../domain/kernel/time.ts';
import { nameDecider } from '../../domain/name/decider.ts';
import { tokenDecider } from '../../domain/token/decider.ts';
import { userDecider } from '../../domain/user/decider.ts';
import { type CommandTools, readState, StreamWriter } from '../commands/run-command.ts';
import type { NameKeys, ProcessLog } from '../ports/system.ts';
import type { TokenProofs } from '../ports/token-proofs.ts';
import type { PassShown, VerifiedPass } from './door.ts';

export interface VerifyPassTools {
  readonly tools: CommandTools;
  readonly proofs: TokenProofs;
  readonly nameKeys: NameKeys;
  readonly processLog: ProcessLog;
}

/** Kind under which login names are reserved. */
const userKind = 'user';

/** The person who holds a login name now, read from the log itself; null when nobody does. */
export async function holderOfName(
  deps: Pick<VerifyPassTools, 'tools' | 'nameKeys'>,
  userName: string,
): Promise<UserId | null> {
  const key = deps.nameKeys.nameKey(userKind, userName);
  const { state } = await readState(deps.tools.log, nameDecider, streamId('name', key));
  return state.status === 'held' && isStreamIdOf('user', state.holder) ? state.holder : null;
}

/**
 * Which live pass is shown, or null. Every no does the same work as far as it can, reads the same outside, and is an
 * event with its reason. An error is a no; when even the event can't be written, the process log has it.
 */
export async function verifyPass(deps: VerifyPassTools, shown: PassShown): Promise<VerifiedPass | null> {
  let userId: UserId | null = null;
  let reason: PassRefusalReason;
  try {
    const [tokenId, holder] = await Promise.all([
      deps.proofs.verify(shown.transcript),
      holderOfName(deps, shown.userName),
    ]);
    userId = holder;
    const verdict = await judge(deps, shown, tokenId, holder);
    if (verdict === null && tokenId !== null && holder !== null) {
      return { passId: tokenId, userId: holder, userName: shown.userName } as VerifiedPass;
    }
    reason = verdict ?? 'no-match';
  } catch (error) {
    deps.processLog.error('a pass could not be checked, so it was refused', { door: shown.door, error: String(error) });
    reason = 'unavailable';
  }
  await noteRefusal(deps, shown, userId, reason);
  return null;
}

/** Null: nothing against it. What stands in the log counts, never a view. */
async function judge(
  { tools }: VerifyPassTools,
  shown: PassShown,
  tokenId: TokenId | null,
  userId: UserId | null,
): Promise<PassRefusalReason | null> {
  // The proxies' word for a login name that can't be read: nobody is called ''.
  if (shown.userName === '') return 'malformed';
  if (userId === null) return 'unknown-user';
  if (tokenId === null) return 'no-match';
  const [token, user] = await Promise.all([
    readState(tools.log, tokenDecider, tokenId),
    readState(tools.log, userDecider, userId),
  ]);
  if (token.state.status === 'absent' || token.state.token.userId !== userId) return 'no-match';
  if (token.state.status === 'revoked') return 'revoked';
  if (hasReached(await tools.now(), token.state.token.expiresAt)) return 'expired';
  if (token.state.token.scope.protocols?.includes(shown.door) === false) return 'wrong-protocol';
  if (user.state.status !== 'active') return 'disabled';
  return null;
}

async function noteRefusal(
  deps: VerifyPassTools,
  shown: PassShown,
  userId: UserId | null,
  reason: PassRefusalReason,
): Promise<void> {
  const stream = streamId('authentication', deps.tools.ids.uuid());
  const { door, source } = shown;
  // Of an unknown name nothing is kept: people type passwords into the wrong field.
  const nameKey = userId === null ? null : deps.nameKeys.nameKey(userKind, shown.userName);
  const context = {
    actor: { kind: 'unknown' as const, source },
    correlationId: deps.tools.ids.uuid(),
    causationId: null,
  };
  try {
    const refusal = { userId, nameKey, door, source, reason };
    await new StreamWriter(deps.tools, authenticationDecider, stream).run(context, () => ({
      type: 'refuse-pass',
      refusal,
    }));
  } catch (error) {
    deps.processLog.error('a refused pass could not be logged', { door, source, reason, error: String(error) });
  }
}
