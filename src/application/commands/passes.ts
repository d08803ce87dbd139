import { isStreamIdOf, type KeyId, type PassId, type TokenId } from '../../domain/kernel/ids.ts';
import type { Refused, Viewer } from '../ports/application-face.ts';
import type { ReadModels } from '../ports/read-models.ts';
import { upToHead } from '../reading.ts';
import { viewerContext } from './logins.ts';
import { readPass, runOnPass } from './pass-streams.ts';
import type { CommandTools } from './run-command.ts';

/** So many live tokens a person may have, and so many keys (CONTRACT, section 4). */
export const mostLivePasses = 10;

/** The no to the eleventh pass, with those there are. */
export function tooMany(
  noun: 'token' | 'key',
  live: readonly { readonly id: PassId; readonly expiresAt: string }[],
): Refused {
  const list = live.map(({ id, expiresAt }) => `${id} (until ${expiresAt})`).join(', ');
  return refused(
    `too-many-${noun}s`,
    `you have ${String(live.length)} live ${noun}s already; revoke one of them first: ${list}`,
  );
}

/** Revokes an own token or key, or with `administer` anybody's. Resolves when it is durable. */
export async function revokePass(
  deps: { readonly tools: CommandTools; readonly views: Pick<ReadModels, 'activeTokens' | 'activeKeys'> },
  viewer: Viewer,
  passId: TokenId | KeyId,
): Promise<{ readonly ok: true } | Refused> {
  const state = await readPass(deps.tools, passId);
  const own = state.status !== 'absent' && state.pass.userId === viewer.userId;
  if (state.status === 'absent' || (!own && !viewer.permissions.includes('administer'))) {
    const noun = isStreamIdOf('key', passId) ? 'key' : 'token';
    return refused(
      'absent',
      `there is no ${noun} ${passId} that you may revoke; \`sallyport ${noun} list\` shows yours`,
    );
  }
  const reason = own ? 'owner' : 'administrator';
  const result = await runOnPass(deps.tools, passId, viewerContext(deps, viewer), (at) => ({
    type: 'revoke',
    reason,
    at,
  }));
  if (!result.ok) return refused(result.rejection.code, result.rejection.message);
  // What was done stays done when the list can't show it yet: the wait is only for those who look at once.
  await upToHead(deps.tools.log, deps.views.activeTokens, deps.views.activeKeys).catch(() => undefined);
  return { ok: true };
}

export function refused(code: string, message: string): Refused {
  return { ok: false, errors: [{ code, message }] };
}
