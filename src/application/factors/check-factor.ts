import type { Mechanism } from '../../domain/authentication/events.ts';
import { factorDecider } from '../../domain/factor/decider.ts';
import type { FactorUse } from '../../domain/factor/events.ts';
import type { FactorState } from '../../domain/factor/state.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { AuthenticationId, FactorId, UserId } from '../../domain/kernel/ids.ts';
import { type CommandContext, type CommandTools, readState } from '../commands/run-command.ts';
import { useFactor } from '../commands/use-factor.ts';
import type { FactorProofs, WebauthnCredential } from '../ports/factor-proofs.ts';
import type { Vault } from '../ports/vault.ts';

export interface CheckFactorTools {
  readonly tools: CommandTools;
  readonly vault: Vault;
  readonly factorProofs: FactorProofs;
}

export interface FactorAnswer {
  readonly authenticationId: AuthenticationId;
  /** Whose answers the attempt takes. */
  readonly person: UserId | null;
  /** OATH, RC or WebAuthn. */
  readonly mechanism: Mechanism;
  readonly answer: string;
  /** From `beginWebauthn`; null for codes. */
  readonly pending: string | null;
  readonly context: CommandContext;
}

type Enrolled = Extract<FactorState, { status: 'enrolled' }>;

/**
 * The factor that an answer is right by, once its use is durable: by then the answer counts nowhere else. Null for a wrong
 * answer and for a right one that was used before. Errors: those of the log and of the vault, and then nothing counted.
 */
export async function checkFactor(
  deps: CheckFactorTools,
  { authenticationId, person, mechanism, answer, pending, context }: FactorAnswer,
): Promise<{ readonly factorId: FactorId; readonly userId: UserId } | null> {
  if (person === null) return null;
  const at = await deps.tools.now();
  for (const { factorId, state } of await ownFactors(deps, mechanism, person)) {
    const use = await rightUse(deps, mechanism, state, { answer, pending, at });
    if (use === null) continue;
    const shown = { userId: person, authenticationId, use };
    if (await useFactor(deps.tools, factorId, context, shown)) return { factorId, userId: person };
  }
  return null;
}

/** What somebody signs with one of the passkeys that this mechanism takes; null: none of them is left, or none can be asked here. */
export async function beginWebauthn(
  deps: CheckFactorTools,
  mechanism: Mechanism,
  person: UserId | null,
): Promise<{ readonly options: string; readonly pending: string } | null> {
  if (person === null || deps.factorProofs.webauthn === null) return null;
  const factors = await ownFactors(deps, mechanism, person);
  const known = factors.flatMap(({ state: { enrolled } }) =>
    enrolled.kind === 'webauthn' ? [enrolled.credentialId] : [],
  );
  if (known.length === 0) return null;
  const { options, challenge } = await deps.factorProofs.webauthn.request(known);
  return { options, pending: challenge };
}

/** Those of the mechanism that the person has still. */
async function ownFactors(
  { tools }: CheckFactorTools,
  { factorIds }: Mechanism,
  person: UserId,
): Promise<readonly { readonly factorId: FactorId; readonly state: Enrolled }[]> {
  const read = await Promise.all(
    factorIds.map(async (factorId) => ({
      factorId,
      state: (await readState(tools.log, factorDecider, factorId)).state,
    })),
  );
  return read.flatMap(({ factorId, state }) =>
    state.status === 'enrolled' && state.userId === person ? [{ factorId, state }] : [],
  );
}

async function rightUse(
  { vault, factorProofs }: CheckFactorTools,
  { name }: Mechanism,
  { enrolled, last }: Enrolled,
  shown: { readonly answer: string; readonly pending: string | null; readonly at: string },
): Promise<FactorUse | null> {
  const { answer, pending, at } = shown;
  if (name === 'OATH' && enrolled.kind === 'totp') {
    const key = await custodyOf(vault, enrolled.secretId);
    const step = key && factorProofs.totp.stepOf(key, answer, at);
    return step === null ? null : { kind: 'totp', step };
  }
  if (name === 'RC' && enrolled.kind === 'recovery') {
    const digests = await custodyOf(vault, enrolled.secretId);
    const code = digests && factorProofs.recovery.placeOf(enrolled.secretId, digests, answer);
    return code === null ? null : { kind: 'recovery', code };
  }
  if (name === 'WebAuthn' && enrolled.kind === 'webauthn' && pending !== null) {
    const counter = await signedBy(factorProofs, { ...enrolled, counter: last }, answer, pending);
    return counter === null ? null : { kind: 'webauthn', counter };
  }
  return null;
}

async function signedBy(
  { webauthn }: FactorProofs,
  credential: WebauthnCredential,
  answer: string,
  challenge: string,
): Promise<number | null> {
  if (webauthn?.credentialOf(answer) !== credential.credentialId) return null;
  return webauthn.shown(answer, challenge, credential);
}

/** Null: the factor was removed a moment ago. */
async function custodyOf(vault: Vault, secretId: string): Promise<Uint8Array | null> {
  try {
    return await vault.open(secretId);
  } catch (error) {
    if (error instanceof SallyportError && error.kind === 'absent') return null;
    throw error;
  }
}
