import { type KeyId, type StreamId, streamId, type UserId } from '../../domain/kernel/ids.ts';
import { isLive, longestPassMilliseconds } from '../../domain/kernel/pass.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import type { RegisterKey } from '../../domain/key/commands.ts';
import { keyDecider } from '../../domain/key/decider.ts';
import { nameDecider } from '../../domain/name/decider.ts';
import { type FreshFactorTools, freshFactorRefusal } from '../factors/fresh-factor.ts';
import { keyKind, registeredKey } from '../admission/registered-key.ts';
import type { Application, KeyChallengeShown, Refused, RegisteredKey, Viewer } from '../ports/application-face.ts';
import type { ReadPublicKey } from '../ports/public-keys.ts';
import type { ActiveKeyRow, ReadModels } from '../ports/read-models.ts';
import { inTurnOf } from '../in-turn.ts';
import { everyRow, upToHead } from '../reading.ts';
import { endedMeanwhile } from './ended-meanwhile.ts';
import { type KeyProofTools, newChallenge, provenId, refuseProof } from './key-proofs.ts';
import { viewerContext } from './logins.ts';
import { mostLivePasses, refused, tooMany } from './passes.ts';
import { type CommandContext, runCommand, StreamWriter } from './run-command.ts';

export interface KeyTools extends KeyProofTools, FreshFactorTools {
  readonly views: FreshFactorTools['views'] & Pick<ReadModels, 'activeKeys'>;
}

/** Longest comment that is kept, in characters. */
const longestComment = 128;

type Wish = Parameters<Application['registerPublicKey']>[1];
type Answer = { readonly ok: true; readonly key: RegisteredKey } | Refused;

/** The first of two steps: what this key has to sign. Keys that can be no pass are refused here already. */
export async function challengePublicKey(
  deps: KeyTools,
  viewer: Viewer,
  publicKey: string,
): Promise<{ readonly ok: true; readonly challenge: KeyChallengeShown } | Refused> {
  const reading = deps.publicKeys.read(publicKey);
  if (!reading.ok) return refused('invalid-key', reading.message);
  const nameKey = deps.nameKeys.nameKey(keyKind, reading.key.fingerprint);
  const verdict = keyDecider.decide(
    wished(viewer, reading.key, nameKey, null)(await deps.tools.now()),
    keyDecider.initial,
  );
  if (!verdict.ok) return refused(verdict.rejection.code, verdict.rejection.message);
  return { ok: true, challenge: await newChallenge(deps, viewer, reading.key) };
}

/** One wish of a person at a time, and one for a key, so that two at once can't both be the tenth or both hold it. */
export function registerPublicKey(deps: KeyTools, viewer: Viewer, wish: Wish): Promise<Answer> {
  const reading = deps.publicKeys.read(wish.publicKey);
  if (!reading.ok) return Promise.resolve(refused('invalid-key', reading.message));
  const { key } = reading;
  const nameKey = deps.nameKeys.nameKey(keyKind, key.fingerprint);
  return inTurnOf(`keys of ${viewer.userId}`, () =>
    inTurnOf(`key ${nameKey}`, () => register(deps, viewer, key, nameKey, wish)),
  );
}

async function register(
  deps: KeyTools,
  viewer: Viewer,
  key: ReadPublicKey,
  nameKey: string,
  { proof, ttlSeconds, freshFactor }: Wish,
): Promise<Answer> {
  const { tools, views } = deps;
  const proven = await provenId(deps, viewer, key, proof);
  if (!proven.ok) return proven;
  const { keyId } = proven;
  await upToHead(tools.log, views.activeKeys);
  const { userId } = viewer;
  const command = wished(viewer, key, nameKey, ttlSeconds);
  const now = await tools.now();
  const verdict = keyDecider.decide(command(now), keyDecider.initial);
  if (!verdict.ok) return refused(verdict.rejection.code, verdict.rejection.message);
  const live = liveKeys(deps, userId, now);
  if (live.length >= mostLivePasses)
    return tooMany(
      'key',
      live.map(({ keyId, expiresAt }) => ({ id: keyId, expiresAt })),
    );
  const unproven = await freshFactorRefusal(deps, viewer, { passId: keyId, freshFactor });
  if (unproven !== null) return unproven;

  const context = viewerContext(deps, viewer);
  const taken = await reserve(deps, nameKey, keyId, viewer, context);
  if (taken !== null) return taken;
  const stream = new StreamWriter(tools, keyDecider, keyId);
  const result = await stream.run(context, command).catch(async (error: unknown) => {
    await free(deps, nameKey, keyId, 'orphaned', context).catch(() => undefined);
    throw error;
  });
  if (!result.ok) {
    await free(deps, nameKey, keyId, 'orphaned', context);
    return refused(result.rejection.code, result.rejection.message);
  }
  // Another process has made the pass of this challenge in the meantime.
  if (result.events.length === 0) return refuseProof(deps, viewer, key, 'used-challenge');
  if ((await registeredKey(tools, nameKey))?.keyId !== keyId) {
    // Another process took the reservation for one that was never used.
    await stream.run(context, (at) => ({ type: 'revoke', reason: 'administrator', at }));
    return alreadyTaken(null);
  }
  const ended = await endedMeanwhile(deps, viewer, keyId);
  if (ended !== null) return ended;
  await upToHead(tools.log, views.activeKeys).catch(() => undefined);
  const { expiresAt } = result.events[0]?.data as { readonly expiresAt: string };
  const { algorithm, fingerprint } = key;
  return { ok: true, key: { id: keyId, userId, algorithm, fingerprint, comment: shownComment(key), expiresAt } };
}

function wished(
  { userId, loginId }: Viewer,
  key: ReadPublicKey,
  nameKey: string,
  ttlSeconds: number | null,
): (at: string) => RegisterKey {
  const { algorithm, bits, fingerprint } = key;
  const comment = shownComment(key);
  return (at) => ({
    type: 'register',
    key: { userId, loginId, algorithm, bits, nameKey, fingerprint, comment },
    ttlMilliseconds: ttlSeconds === null ? longestPassMilliseconds : ttlSeconds * 1000,
    at,
  });
}

function shownComment({ comment }: ReadPublicKey): string {
  return visibleText(comment).slice(0, longestComment);
}

/** Reserves the fingerprint for a new pass; what an ended one still holds is freed first. Null: it is reserved. */
async function reserve(
  deps: KeyTools,
  nameKey: string,
  keyId: KeyId,
  viewer: Viewer,
  context: CommandContext,
): Promise<Refused | null> {
  const held = await registeredKey(deps.tools, nameKey);
  if (held !== null) {
    const { state } = held;
    if (isLive(state, await deps.tools.now())) {
      const own = state.status === 'issued' && state.pass.userId === viewer.userId;
      return alreadyTaken(own ? { id: held.keyId, expiresAt: state.pass.expiresAt } : null);
    }
    if (!(await free(deps, nameKey, held.keyId, 'ended', context))) return alreadyTaken(null);
  }
  const result = await runCommand(deps.tools, nameDecider, streamId('name', nameKey), context, {
    type: 'reserve',
    kind: keyKind,
    holder: keyId,
  });
  return result.ok ? null : alreadyTaken(null);
}

async function free(
  { tools }: KeyTools,
  nameKey: string,
  holder: StreamId,
  reason: 'ended' | 'orphaned',
  context: CommandContext,
): Promise<boolean> {
  const command = { type: 'release', holder, reason } as const;
  return (await runCommand(tools, nameDecider, streamId('name', nameKey), context, command)).ok;
}

function alreadyTaken(own: { readonly id: KeyId; readonly expiresAt: string } | null): Refused {
  return refused(
    'already-registered',
    own === null
      ? 'this key is the pass of somebody else already; use a key of your own'
      : `this key is your pass ${own.id} already, until ${own.expiresAt}; to begin anew, \`sallyport key revoke ${own.id}\` first (its sessions end)`,
  );
}

function liveKeys({ views }: KeyTools, userId: UserId, now: string): readonly ActiveKeyRow[] {
  return everyRow<ActiveKeyRow>(views.activeKeys, 'keyId', { where: { userId } })
    .filter((row) => row.expiresAt > now)
    .sort((a, b) => (a.issuedAt < b.issuedAt ? -1 : 1));
}
