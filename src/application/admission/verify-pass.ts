import { authenticationDecider } from '../../domain/authentication/decider.ts';
import type { PassRefusalReason } from '../../domain/authentication/events.ts';
import { isStreamIdOf, type PassId, streamId, type UserId } from '../../domain/kernel/ids.ts';
import { isLive } from '../../domain/kernel/pass.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { hasReached } from '../../domain/kernel/time.ts';
import { nameDecider } from '../../domain/name/decider.ts';
import { userDecider } from '../../domain/user/decider.ts';
import { readPass } from '../commands/pass-streams.ts';
import { type CommandTools, readState, StreamWriter } from '../commands/run-command.ts';
import type { PublicKeys, ShownSignature } from '../ports/public-keys.ts';
import type { NameKeys, ProcessLog } from '../ports/system.ts';
import type { ProofTranscript, TokenProofs } from '../ports/token-proofs.ts';
import type { GuessBrake } from '../brute-force/guess-brake.ts';
import type { PassShown, PassTaken, VerifiedPass } from './door.ts';
import { isLiveLogin, type LoginPassTools } from './login-pass.ts';
import { keyKind, registeredKey } from './registered-key.ts';

export interface VerifyPassTools {
  readonly tools: CommandTools;
  readonly proofs: TokenProofs;
  readonly publicKeys: PublicKeys;
  readonly nameKeys: NameKeys;
  readonly processLog: ProcessLog;
  readonly brake: Pick<GuessBrake, 'attempt'>;
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
 * event with its reason. An error is a no; when even the event can't be written, the process log has it. Who has failed
 * before waits, and from a network where too many have failed nothing is looked at (security rule A9).
 */
export async function verifyPass(deps: VerifyPassTools, shown: PassShown): Promise<PassTaken | null> {
  const tried = { nameKey: nameKeyOf(deps, shown), userId: null, source: shown.source };
  try {
    return await deps.brake.attempt(
      tried,
      () => judgedPass(deps, shown),
      (taken) => taken === null,
    );
  } catch (error) {
    const reason = error instanceof SallyportError && error.kind === 'limit' ? 'too-many' : 'unavailable';
    if (reason === 'unavailable') logFault(deps, shown, error);
    await noteRefusal(deps, shown, null, reason);
    return null;
  }
}

async function judgedPass(deps: VerifyPassTools, shown: PassShown): Promise<PassTaken | null> {
  let userId: UserId | null = null;
  let reason: PassRefusalReason;
  try {
    const [proven, holder] = await Promise.all([
      provenPass(deps, shown.transcript),
      holderOfName(deps, shown.userName),
    ]);
    userId = holder;
    const verdict = await judge(deps, shown, proven, holder);
    if (verdict === null && proven.passId !== null && holder !== null) {
      const pass = { passId: proven.passId, userId: holder, userName: shown.userName } as VerifiedPass;
      return { pass, serverSignature: proven.serverSignature };
    }
    reason = verdict ?? 'no-match';
  } catch (error) {
    logFault(deps, shown, error);
    reason = 'unavailable';
  }
  await noteRefusal(deps, shown, userId, reason);
  return null;
}

/** Whether what was verified before still holds. It is no event: nobody shows anything. Rejects when the log can't be read. */
export async function isStillLive(deps: LoginPassTools, pass: VerifiedPass): Promise<boolean> {
  const { passId, userId } = pass;
  if (isStreamIdOf('login', passId)) return isLiveLogin(deps, pass);
  const { tools } = deps;
  const [state, user] = await Promise.all([readPass(tools, passId), readState(tools.log, userDecider, userId)]);
  return state.status !== 'absent' && isLive(state, await tools.now()) && user.state.status === 'active';
}

interface Proven {
  readonly passId: PassId | null;
  /** False for a signature that the key did not make. */
  readonly signed: boolean;
  readonly serverSignature: Uint8Array | null;
}

/** The pass that was proven, whoever's and in whatever state. */
async function provenPass(deps: VerifyPassTools, transcript: ProofTranscript): Promise<Proven> {
  if (transcript.mechanism === 'publickey') return provenKey(deps, transcript);
  const token = await deps.proofs.verify(transcript);
  return { passId: token?.tokenId ?? null, signed: true, serverSignature: token?.serverSignature ?? null };
}

async function provenKey(deps: VerifyPassTools, shown: ShownSignature): Promise<Proven> {
  const signed = deps.publicKeys.verify(shown);
  const nameKey = deps.nameKeys.nameKey(keyKind, deps.publicKeys.fingerprint(shown.key));
  const held = await registeredKey(deps.tools, nameKey);
  const isIts = held !== null && held.state.status !== 'absent' && held.state.pass.nameKey === nameKey;
  return { passId: signed && isIts ? held.keyId : null, signed, serverSignature: null };
}

/** Null: nothing against it. What stands in the log counts, never a view. */
async function judge(
  { tools }: VerifyPassTools,
  shown: PassShown,
  { passId, signed }: Proven,
  userId: UserId | null,
): Promise<PassRefusalReason | null> {
  // The proxies' word for a login name that can't be read: nobody is called ''.
  if (shown.userName === '') return 'malformed';
  if (!signed) return 'bad-signature';
  if (userId === null) return 'unknown-user';
  if (passId === null) return 'no-match';
  const [state, user] = await Promise.all([readPass(tools, passId), readState(tools.log, userDecider, userId)]);
  if (state.status === 'absent' || state.pass.userId !== userId) return 'no-match';
  if (state.status === 'revoked') return 'revoked';
  if (hasReached(await tools.now(), state.pass.expiresAt)) return 'expired';
  if (state.pass.scope.protocols?.includes(shown.door) === false) return 'wrong-protocol';
  if (user.state.status !== 'active') return 'disabled';
  return null;
}

function logFault({ processLog }: VerifyPassTools, { door }: PassShown, error: unknown): void {
  processLog.error('a pass could not be checked, so it was refused', { door, error: String(error) });
}

/** A keyed digest tells nothing of what was typed, and failures under one name count together whether or not somebody has it. */
function nameKeyOf({ nameKeys }: VerifyPassTools, { userName }: PassShown): string | null {
  return userName === '' ? null : nameKeys.nameKey(userKind, userName);
}

async function noteRefusal(
  deps: VerifyPassTools,
  shown: PassShown,
  userId: UserId | null,
  reason: PassRefusalReason,
): Promise<void> {
  const stream = streamId('authentication', deps.tools.ids.uuid());
  const { door, source } = shown;
  const context = {
    actor: { kind: 'unknown' as const, source },
    correlationId: deps.tools.ids.uuid(),
    causationId: null,
  };
  try {
    const refusal = { userId, nameKey: nameKeyOf(deps, shown), door, source, reason };
    await new StreamWriter(deps.tools, authenticationDecider, stream).run(context, () => ({
      type: 'refuse-pass',
      refusal,
    }));
  } catch (error) {
    deps.processLog.error('a refused pass could not be logged', { door, source, reason, error: String(error) });
  }
}
