import { isStreamIdOf, streamId, type TargetId } from '../../domain/kernel/ids.ts';
import { longestPassMilliseconds, mayLive, type PassScope } from '../../domain/kernel/pass.ts';
import { plusMilliseconds } from '../../domain/kernel/time.ts';
import { tokenDecider } from '../../domain/token/decider.ts';
import type { DecideAccessTools } from '../admission/decide-access.ts';
import { placeOf } from '../admission/policy-state.ts';
import { freshFactorRefusal } from '../factors/fresh-factor.ts';
import type { Application, IssuedToken, Refused, Viewer } from '../ports/application-face.ts';
import type { ActiveTokenRow, ReadModels } from '../ports/read-models.ts';
import type { TokenProofs } from '../ports/token-proofs.ts';
import { inTurnOf } from '../in-turn.ts';
import { everyRow, upToHead } from '../reading.ts';
import { endedMeanwhile } from './ended-meanwhile.ts';
import { viewerContext } from './logins.ts';
import { reachWithin } from './reach.ts';
import { mostLivePasses, refused, tooMany } from './passes.ts';
import { StreamWriter } from './run-command.ts';

export interface TokenTools extends DecideAccessTools {
  readonly proofs: TokenProofs;
  readonly views: Pick<ReadModels, 'activeTokens' | 'directory' | 'factors' | 'identities' | 'targetCatalogue'>;
}

export function issueTemporaryToken(
  deps: TokenTools,
  viewer: Viewer,
  wish: Parameters<Application['issueTemporaryToken']>[1],
): ReturnType<Application['issueTemporaryToken']> {
  return inTurnOf(`tokens of ${viewer.userId}`, () => issue(deps, viewer, wish));
}

async function issue(
  deps: TokenTools,
  viewer: Viewer,
  wish: Parameters<Application['issueTemporaryToken']>[1],
): Promise<{ readonly ok: true; readonly token: IssuedToken; readonly secret: string } | Refused> {
  const { activeTokens, directory, identities, targetCatalogue } = deps.views;
  await upToHead(deps.tools.log, activeTokens, directory, identities, targetCatalogue);
  const ttlMilliseconds = wish.ttlSeconds === null ? longestPassMilliseconds : wish.ttlSeconds * 1000;
  if (!mayLive(ttlMilliseconds)) {
    return refused('invalid-ttl', 'a temporary token lives from 1 second to 8 hours; ask for a duration within that');
  }
  const targetId = wish.target === null ? null : await reachableTarget(deps, viewer, wish.target);
  if (targetId === undefined) return refused('not-allowed', 'that target does not exist or you may not reach it');
  const now = await deps.tools.now();
  const live = liveTokens(deps, viewer, now);
  if (live.length >= mostLivePasses) {
    return tooMany(
      'token',
      live.map(({ tokenId, expiresAt }) => ({ id: tokenId, expiresAt })),
    );
  }
  const scope: PassScope = { protocols: wish.protocols, targetId };
  const tokenId = streamId('token', deps.tools.ids.uuid());
  const unproven = await freshFactorRefusal(deps, viewer, { passId: tokenId, freshFactor: wish.freshFactor });
  if (unproven !== null) return unproven;
  const expiresAt = plusMilliseconds(now, ttlMilliseconds);
  const subject = { tokenId, userId: viewer.userId, protocols: wish.protocols, expiresAt };
  const { secret } = await deps.proofs.issue(subject, viewer.userName, now);
  const result = await new StreamWriter(deps.tools, tokenDecider, tokenId).run(viewerContext(deps, viewer), (at) => ({
    type: 'issue',
    token: { userId: viewer.userId, loginId: viewer.loginId, scope },
    ttlMilliseconds,
    at,
  }));
  if (!result.ok) {
    await deps.proofs.drop(tokenId);
    return refused(result.rejection.code, result.rejection.message);
  }
  const ended = await endedMeanwhile(deps, viewer, tokenId);
  if (ended !== null) return ended;
  const issued = result.events[0]?.data as { readonly expiresAt: string };
  // What was done stays done when the list can't show it yet: the wait is only for those who look at once.
  await upToHead(deps.tools.log, deps.views.activeTokens).catch(() => undefined);
  return {
    ok: true,
    token: { id: tokenId, expiresAt: issued.expiresAt, protocols: wish.protocols, target: targetId },
    secret,
  };
}

/** A target that the viewer may know of, by name or id: absent and foreign ones read the same. */
async function reachableTarget(deps: TokenTools, viewer: Viewer, name: string): Promise<TargetId | undefined> {
  const { targetCatalogue } = deps.views;
  const where = isStreamIdOf('target', name) ? { id: name } : { name };
  const [row] = targetCatalogue.find({ where: { kind: 'target', ...where, withdrawn: 0 }, limit: 1 });
  if (row === undefined) return undefined;
  const place = placeOf(targetCatalogue, row);
  const open = await reachWithin(deps, viewer, [place]);
  return open.length === 0 ? undefined : place.target.id;
}

function liveTokens({ views }: TokenTools, viewer: Viewer, now: string): readonly ActiveTokenRow[] {
  return everyRow<ActiveTokenRow>(views.activeTokens, 'tokenId', { where: { userId: viewer.userId } })
    .filter((row) => row.expiresAt > now)
    .sort((a, b) => (a.issuedAt < b.issuedAt ? -1 : 1));
}
