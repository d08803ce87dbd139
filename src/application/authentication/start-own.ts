import { localProvider } from '../../domain/authentication/events.ts';
import { loginDecider } from '../../domain/login/decider.ts';
import { viewerContext } from '../commands/logins.ts';
import { refused } from '../commands/passes.ts';
import { readState } from '../commands/run-command.ts';
import type { Viewer } from '../ports/application-face.ts';
import type { FreshStart, LoginFace } from '../ports/login-face.ts';
import { ownChallenge } from '../factors/required-challenges.ts';
import { chosenProvider } from './chosen-provider.ts';
import { begin, firstChallenge } from './start.ts';
import type { AuthenticationTools } from './tools.ts';

/** Somebody logged in shows one of their factors again: for a pass of those that the policy asks for, where it asks for any. */
export async function startFreshFactor(
  deps: AuthenticationTools,
  viewer: Viewer,
  { for: need, door, source }: Parameters<LoginFace['startFreshFactor']>[1],
): Promise<FreshStart> {
  const asked = need === 'pass' ? await deps.freshChallenges(viewer) : [];
  if (asked === null) {
    return refused('no-policy', 'it could not be found out which factor is asked for; try again');
  }
  const challenge = asked[0] ?? (await ownChallenge(deps, viewer.userId));
  if (challenge.mechanisms.length === 0) {
    return refused(
      'no-factor',
      'you have no second factor that fits; enrol one, or ask an administrator for recovery codes',
    );
  }
  const { userId, loginId } = viewer;
  const { state: login } = await readState(deps.tools.log, loginDecider, loginId);
  const started = await begin(deps, viewerContext(deps, viewer), {
    userId,
    nameKey: null,
    door,
    clientId: null,
    source,
    // Where the login that asks was opened: a password that is to be changed is no matter to who does not use it.
    provider: login.status === 'absent' ? localProvider : login.login.provider,
    purpose: 'fresh-factor',
    loginId,
    challenges: [challenge],
  });
  return { ok: true, ...started };
}

/** Somebody logged in shows at a provider that an identity there is theirs too. Errors: as `startAuthentication`. */
export async function startLink(
  deps: AuthenticationTools,
  viewer: Viewer,
  wish: Parameters<LoginFace['startLink']>[1],
): Promise<FreshStart> {
  const { provider, userName, door, source } = wish;
  if (provider === localProvider) return refused('wrong-provider', 'there is nothing to link at the local provider');
  const chosen = await chosenProvider(deps, wish);
  const { userId, loginId } = viewer;
  const started = await begin(deps, viewerContext(deps, viewer), {
    userId,
    nameKey: userName === null ? null : deps.nameKeys.nameKey('user', userName),
    door,
    clientId: null,
    source,
    provider,
    purpose: 'link',
    loginId,
    challenges: [firstChallenge(deps, chosen.manner)],
  });
  if (userName !== null) deps.notes.add(started.authenticationId, { userName });
  return { ok: true, ...started };
}
