import { createHash, randomBytes, randomInt } from 'node:crypto';
import { grantDecider } from '../../domain/grant/decider.ts';
import { type LoginId, streamId, type TokenId } from '../../domain/kernel/ids.ts';
import { plusMilliseconds } from '../../domain/kernel/time.ts';
import { loginDecider } from '../../domain/login/decider.ts';
import { isLive } from '../../domain/login/state.ts';
import { holderOfName } from '../admission/verify-pass.ts';
import { networkOf } from '../brute-force/network-of.ts';
import { viewerContext } from '../commands/logins.ts';
import { refused } from '../commands/passes.ts';
import { type CommandTools, readState, StreamWriter } from '../commands/run-command.ts';
import type { Refused, Viewer } from '../ports/application-face.ts';
import type { DeviceFlow, GrantAsked, GrantOutcome, GrantPending } from '../ports/device-grants.ts';
import type { NameKeys } from '../ports/system.ts';
import { CodeGuesses } from './code-guesses.ts';
import { grantMilliseconds, type PendingGrant, PendingGrants } from './pending-grants.ts';
import { drawUserCode, shownUserCode, typedUserCode } from './user-code.ts';

/** What an approved grant opens: made for the person who approved it. */
export interface OpenedByGrant {
  readonly passId: LoginId | TokenId;
  readonly secret: string;
  readonly expiresAt: string;
}

export interface DeviceFlowTools {
  readonly tools: CommandTools;
  readonly nameKeys: NameKeys;
  /** Opens what was asked for, as `viewer` stands now; null: the person may not have it. */
  open(viewer: Viewer, asked: GrantAsked): Promise<OpenedByGrant | null>;
  /** Milliseconds of a clock that never goes back. */
  readonly clock?: () => number;
  /** Between two polls, at the least. */
  readonly intervalSeconds?: number;
}

const usualIntervalSeconds = 2;
/** RFC 8628, section 3.5: so much slower after each poll that came too early. */
const slowerSeconds = 5;

const none = 'no login waits under this code: it is wrong, has expired, or was answered already';

/** The device flow (RFC 8628): what waits is in memory, who answered and what it opened is in the log. */
export function deviceFlow(deps: DeviceFlowTools): DeviceFlow {
  const clock = deps.clock ?? ((): number => performance.now());
  const pending = new PendingGrants(clock);
  const guesses = new CodeGuesses(clock);
  const intervalSeconds = deps.intervalSeconds ?? usualIntervalSeconds;

  const waiting = ({ userId }: Viewer, text: string): PendingGrant | undefined => {
    const userCode = typedUserCode(text);
    // Nothing can wait under it, so it is no guess.
    if (userCode === null) return undefined;
    guesses.check(userId);
    const grant = pending.waiting(userCode);
    if (grant === undefined) guesses.wrong(userId);
    return grant;
  };

  const answer = async (viewer: Viewer, text: string, approved: boolean): Promise<{ readonly ok: true } | Refused> => {
    const grant = waiting(viewer, text);
    if (grant === undefined) return refused('absent', none);
    const answered = await answerGrant(deps, viewer, grant, approved);
    if (answered.ok) grant.state = approved ? { status: 'approved', viewer } : { status: 'denied' };
    else if (answered.over) grant.state = { status: 'denied' };
    return answered.ok ? { ok: true } : refused(answered.code, answered.message);
  };

  return {
    begin: async (asked) => {
      const askedAt = await deps.tools.now();
      const deviceCode = randomBytes(32).toString('base64url');
      let userCode = drawUserCode((below) => randomInt(below));
      while (pending.hasCode(userCode)) userCode = drawUserCode((below) => randomInt(below));
      pending.add({
        grantId: streamId('grant', deps.tools.ids.uuid()),
        userCode,
        key: keyOf(deviceCode),
        asked,
        network: networkOf(asked.source),
        askedAt,
        expiresAt: plusMilliseconds(askedAt, grantMilliseconds),
        begunAt: clock(),
        polledAt: Number.NEGATIVE_INFINITY,
        interval: intervalSeconds,
        state: { status: 'waiting' },
      });
      return {
        deviceCode,
        userCode: shownUserCode(userCode),
        expiresInSeconds: grantMilliseconds / 1_000,
        intervalSeconds,
      };
    },

    find: async (viewer, text) => {
      const grant = waiting(viewer, text);
      if (grant === undefined) return null;
      const { asked, askedAt, expiresAt, userCode } = grant;
      return { ...asked, askedAt, expiresAt, userCode: shownUserCode(userCode) };
    },
    approve: (viewer, text) => answer(viewer, text, true),
    deny: (viewer, text) => answer(viewer, text, false),

    redeem: async (deviceCode) => {
      const grant = pending.byKey(keyOf(deviceCode));
      if (grant === undefined) return no('invalid_grant');
      if (pending.hasExpired(grant)) return no('expired_token');
      const { state } = grant;
      if (state.status === 'denied') return no('access_denied');
      if (state.status === 'waiting') return no(pace(grant, clock()));
      if (state.status !== 'approved') return no('invalid_grant');
      // Taken before anything is waited for: two polls at once get one login.
      grant.state = { status: 'being-used' };
      try {
        const outcome = await useGrant(deps, state.viewer, grant);
        pending.remove(grant);
        return outcome;
      } catch (error) {
        grant.state = state;
        throw error;
      }
    },

    withdraw: (deviceCode) => {
      const grant = pending.byKey(keyOf(deviceCode));
      if (grant !== undefined) pending.remove(grant);
    },
  };
}

function keyOf(deviceCode: string): string {
  return createHash('sha256').update(deviceCode).digest('base64url');
}

function no(error: GrantPending): GrantOutcome {
  return { ok: false, error };
}

/** A device that polls faster than it was told to is told to be slower. */
function pace(grant: PendingGrant, now: number): GrantPending {
  const early = now - grant.polledAt < grant.interval * 1_000;
  grant.polledAt = now;
  if (early) grant.interval += slowerSeconds;
  return early ? 'slow_down' : 'authorization_pending';
}

type Answered =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly over: boolean };

/** `over`: nobody can answer it any more. */
async function answerGrant(
  deps: DeviceFlowTools,
  viewer: Viewer,
  { grantId, asked, expiresAt }: PendingGrant,
  approved: boolean,
): Promise<Answered> {
  const { door, client, source, userName } = asked;
  const [login, askedFor] = await Promise.all([
    readState(deps.tools.log, loginDecider, viewer.loginId),
    userName === null ? null : holderOfName(deps, userName).then((userId) => ({ userId })),
  ]);
  const inBrowser = login.state.status === 'open' && login.state.login.door === 'web';
  const { userId, loginId } = viewer;
  const writer = new StreamWriter(deps.tools, grantDecider, grantId);
  const result = await writer.run(viewerContext(deps, viewer), (at) => ({
    type: 'answer',
    approved,
    answer: { userId, loginId, door, client, source },
    answeredAt: inBrowser ? 'web' : 'elsewhere',
    askedFor,
    expiresAt,
    at,
  }));
  if (!result.ok) return { ok: false, ...result.rejection, over: result.rejection.code === 'answered' };
  const denied = result.events[0]?.type === 'DeviceGrantDenied';
  if (!denied || !approved) return { ok: true };
  const message =
    'this login was asked for somebody else, so it was refused; log in as yourself where you asked for it';
  return { ok: false, code: 'other-person', message, over: true };
}

/** Who approved has to be logged in still; the secret is given when what it opens is in the log. */
async function useGrant(deps: DeviceFlowTools, viewer: Viewer, grant: PendingGrant): Promise<GrantOutcome> {
  const { state } = await readState(deps.tools.log, loginDecider, viewer.loginId);
  if (!isLive(state, await deps.tools.now())) return no('access_denied');
  const opened = await deps.open(viewer, grant.asked);
  if (opened === null) return no('access_denied');
  const writer = new StreamWriter(deps.tools, grantDecider, grant.grantId);
  const used = await writer.run(viewerContext(deps, viewer), (at) => ({ type: 'use', passId: opened.passId, at }));
  if (!used.ok) return no('access_denied');
  return { ok: true, ...opened, userName: viewer.userName };
}
