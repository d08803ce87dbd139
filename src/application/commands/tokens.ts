import { isStreamIdOf, streamId, type TargetId, type TokenId } from '../../domain/kernel/ids.ts';
import { plusMilliseconds } from '../../domain/kernel/time.ts';
import { longestTokenMilliseconds, tokenDecider } from '../../domain/token/decider.ts';
import type { TokenScope } from '../../domain/token/events.ts';
import type { DecideAccessTools } from '../admission/decide-access.ts';
import { placeOf } from '../admission/policy-state.ts';
import type { Application, IssuedToken, Refused, Viewer } from '../ports/application-face.ts';
import type { ActiveTokenRow, ReadModels } from '../ports/read-models.ts';
import type { TokenProofs } from '../ports/token-proofs.ts';
import { everyRow, upToHead } from '../reading.ts';
import { viewerContext } from './logins.ts';
import { reachWithin } from './reach.ts';
import { readState, StreamWriter } from './run-command.ts';

export interface TokenTools extends DecideAccessTools {
  readonly proofs: TokenProofs;
  readonly views: Pick<ReadModels, 'activeTokens' | 'directory' | 'targetCatalogue'>;
}

/** So many live tokens a person may have (CONTRACT, section 4). */
const mostLiveTokens = 10;

/** One wish of a person at a time, so that two at once cannot both be the tenth. */
const turns = new Map<string, Promise<unknown>>();

export async function issueTemporaryToken(
  deps: TokenTools,
  viewer: Viewer,
  wish: Parameters<Application['issueTemporaryToken']>[1],
): ReturnType<Application['issueTemporaryToken']> {
  const before = turns.get(viewer.userId) ?? Promise.resolve();
  const turn = before.then(() => issue(deps, viewer, wish));
  const settled = turn.catch(() => undefined);
  turns.set(viewer.userId, settled);
  try {
    return await turn;
  } finally {
    if (turns.get(viewer.userId) === settled) turns.delete(viewer.userId);
  }
}

async function issue(
  deps: TokenTools,
  viewer: Viewer,
  wish: Parameters<Application['issueTemporaryToken']>[1],
): Promise<{ readonly ok: true; readonly token: IssuedToken; readonly secret: string } | Refused> {
  await upToHead(deps.tools.log, deps.views.activeTokens, deps.views.directory, deps.views.targetCatalogue);
  const ttlMilliseconds = wish.ttlSeconds === null ? longestTokenMilliseconds : wish.ttlSeconds * 1000;
  if (!Number.isSafeInteger(ttlMilliseconds) || ttlMilliseconds <= 0 || ttlMilliseconds > longestTokenMilliseconds) {
    return refused('invalid-ttl', 'a temporary token lives from 1 second to 8 hours; ask for a duration within that');
  }
  const targetId = wish.target === null ? null : await reachableTarget(deps, viewer, wish.target);
  if (targetId === undefined) return refused('not-allowed', 'that target does not exist or you may not reach it');
  const now = await deps.tools.now();
  const live = liveTokens(deps, viewer, now);
  if (live.length >= mostLiveTokens) {
    const list = live.map(({ tokenId, expiresAt }) => `${tokenId} (until ${expiresAt})`).join(', ');
    return refused(
      'too-many-tokens',
      `you have ${String(live.length)} live tokens already; revoke one of them first: ${list}`,
    );
  }
  const scope: TokenScope = { protocols: wish.protocols, targetId };
  const tokenId = streamId('token', deps.tools.ids.uuid());
  const expiresAt = plusMilliseconds(now, ttlMilliseconds);
  const { secret } = await deps.proofs.issue({ tokenId, userId: viewer.userId, protocols: wish.protocols, expiresAt });
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
  const issued = result.events[0]?.data as { readonly expiresAt: string };
  await shown(deps);
  return {
    ok: true,
    token: { id: tokenId, expiresAt: issued.expiresAt, protocols: wish.protocols, target: targetId },
    secret,
  };
}

/** What was done stays done when the list can't show it yet: the wait is only for those who look at once. */
async function shown({ tools, views }: Pick<TokenTools, 'tools' | 'views'>): Promise<void> {
  await upToHead(tools.log, views.activeTokens).catch(() => undefined);
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

/** Revokes an own token, or with `administer` anybody's. Resolves when it is durable; a reaction drops what proves it. */
export async function revokeToken(
  deps: Pick<TokenTools, 'tools' | 'views'>,
  viewer: Viewer,
  tokenId: TokenId,
): Promise<{ readonly ok: true } | Refused> {
  const { state } = await readState(deps.tools.log, tokenDecider, tokenId);
  const own = state.status !== 'absent' && state.token.userId === viewer.userId;
  if (state.status === 'absent' || (!own && !viewer.permissions.includes('administer'))) {
    return refused('absent', `there is no token ${tokenId} that you may revoke; \`sallyport token list\` shows yours`);
  }
  const result = await new StreamWriter(deps.tools, tokenDecider, tokenId).run(viewerContext(deps, viewer), (at) => ({
    type: 'revoke',
    reason: own ? 'owner' : 'administrator',
    at,
  }));
  if (!result.ok) return refused(result.rejection.code, result.rejection.message);
  await shown(deps);
  return { ok: true };
}

export function refused(code: string, message: string): Refused {
  return { ok: false, errors: [{ code, message }] };
}
