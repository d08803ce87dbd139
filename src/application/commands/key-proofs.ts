import { authenticationDecider } from '../../domain/authentication/decider.ts';
import type { KeyProofRefusalReason } from '../../domain/authentication/events.ts';
import { type KeyId, streamId } from '../../domain/kernel/ids.ts';
import { hasReached, plusMilliseconds } from '../../domain/kernel/time.ts';
import { keyKind } from '../admission/registered-key.ts';
import type { KeyProof, Refused, Viewer } from '../ports/application-face.ts';
import type { KeyChallenges } from '../ports/key-challenges.ts';
import type { PublicKeys, ReadPublicKey } from '../ports/public-keys.ts';
import type { NameKeys } from '../ports/system.ts';
import { viewerContext } from './logins.ts';
import { readKey } from './pass-streams.ts';
import { refused } from './passes.ts';
import { type CommandTools, StreamWriter } from './run-command.ts';

export interface KeyProofTools {
  readonly tools: CommandTools;
  readonly nameKeys: NameKeys;
  readonly publicKeys: PublicKeys;
  readonly keyChallenges: KeyChallenges;
}

/** Namespace of the signatures (PROTOCOL.sshsig), so that none made for something else counts, nor these elsewhere. */
const proofNamespace = 'own-key@sallyport';

/** Time to type a passphrase or to confirm at an agent. */
const challengeMilliseconds = 5 * 60_000;

/** A new challenge for this login and this key; nothing is stored. */
export async function newChallenge(
  { tools, keyChallenges }: KeyProofTools,
  { loginId, userId }: Viewer,
  { fingerprint }: ReadPublicKey,
): Promise<{ readonly text: string; readonly namespace: string; readonly expiresAt: string }> {
  const expiresAt = plusMilliseconds(await tools.now(), challengeMilliseconds);
  const keyId = streamId('key', tools.ids.uuid());
  const text = keyChallenges.write({ keyId, expiresAt }, { loginId, userId, fingerprint });
  return { text, namespace: proofNamespace, expiresAt };
}

/** The id under which the key may be registered, because its private half signed the challenge; a no is an event. */
export async function provenId(
  deps: KeyProofTools,
  viewer: Viewer,
  key: ReadPublicKey,
  proof: KeyProof | null,
): Promise<{ readonly ok: true; readonly keyId: KeyId } | Refused> {
  const judged = await judge(deps, viewer, key, proof);
  if ('keyId' in judged) return { ok: true, keyId: judged.keyId };
  return refuseProof(deps, viewer, key, judged.reason);
}

async function judge(
  { tools, publicKeys, keyChallenges }: KeyProofTools,
  { loginId, userId }: Viewer,
  { fingerprint }: ReadPublicKey,
  proof: KeyProof | null,
): Promise<{ readonly keyId: KeyId } | { readonly reason: KeyProofRefusalReason }> {
  if (proof === null) return { reason: 'missing' };
  const challenge = keyChallenges.read(proof.challenge, { loginId, userId, fingerprint });
  if (challenge === null) return { reason: 'foreign-challenge' };
  if (hasReached(await tools.now(), challenge.expiresAt)) return { reason: 'expired-challenge' };
  const shown = publicKeys.readSignature(proof.signature, { namespace: proofNamespace, message: proof.challenge });
  if (shown === null || publicKeys.fingerprint(shown.key) !== fingerprint || !publicKeys.verify(shown))
    return { reason: 'bad-signature' };
  const { status } = await readKey(tools, challenge.keyId);
  return status === 'absent' ? { keyId: challenge.keyId } : { reason: 'used-challenge' };
}

const words: Readonly<Record<KeyProofRefusalReason, { readonly code: string; readonly message: string }>> = {
  missing: {
    code: 'proof-needed',
    message: 'only a key that signs a challenge becomes a pass: use `sallyport key add` of the version of this server',
  },
  'foreign-challenge': {
    code: 'stale-challenge',
    message: 'this challenge was not made for this login and this key; ask for a new one and sign that',
  },
  'expired-challenge': {
    code: 'stale-challenge',
    message: 'the time to sign this challenge, 5 minutes, is over; ask for a new one and sign that',
  },
  'used-challenge': {
    code: 'stale-challenge',
    message: 'this challenge has made its key a pass already; ask for a new one and sign that',
  },
  'bad-signature': {
    code: 'bad-signature',
    message: `this is no signature by this key over this challenge; \`ssh-keygen -Y sign -n ${proofNamespace}\` makes one`,
  },
};

/** The no to a key that is not proven, once it is in the log: a key that somebody wants and can't use is worth a look. */
export async function refuseProof(
  { tools, nameKeys }: Pick<KeyProofTools, 'tools' | 'nameKeys'>,
  viewer: Viewer,
  { fingerprint }: ReadPublicKey,
  reason: KeyProofRefusalReason,
): Promise<Refused> {
  const { userId, loginId } = viewer;
  const refusal = { userId, loginId, nameKey: nameKeys.nameKey(keyKind, fingerprint), reason };
  const stream = streamId('authentication', tools.ids.uuid());
  await new StreamWriter(tools, authenticationDecider, stream).run(viewerContext({ tools }, viewer), () => ({
    type: 'refuse-key-proof',
    refusal,
  }));
  return refused(words[reason].code, words[reason].message);
}
