import { SallyportError } from '../../domain/kernel/errors.ts';
import { isStreamIdOf, streamId, type NodeId, type SessionId } from '../../domain/kernel/ids.ts';
import type { PassFacts } from '../../domain/kernel/pass.ts';
import type { LearnedBy } from '../../domain/kernel/standing.ts';
import { millisecondsBetween, plusMilliseconds } from '../../domain/kernel/time.ts';
import { reasonOf } from '../../domain/policy/reason.ts';
import { sessionDecider } from '../../domain/session/decider.ts';
import type { SessionEndReason, SessionRefused } from '../../domain/session/events.ts';
import type { SessionAdmitted } from '../../domain/token/events.ts';
import { readPass, runOnPass } from '../commands/pass-streams.ts';
import { type CommandContext, StreamWriter } from '../commands/run-command.ts';
import type { Recordings } from '../ports/recordings.ts';
import type { AuthorizedSession, AuthorizedSessionFacts } from './authorized-session.ts';
import { type AccessWish, type DecideAccessTools, decideAccess, type DecidedAccess } from './decide-access.ts';
import type { Admission, AdmissionRequest, EndListener, NoticeListener } from './door.ts';
import { endMessage, revokedReason } from './end-messages.ts';
import { restOfLogin } from './login-use.ts';
import { asksOf, refusalMessage, refusalReason, tooManySessions } from './refusal-texts.ts';
import { createRecording } from './session-recording.ts';
import { SessionLife, type SessionLifeTools, type TellProxy } from './session-life.ts';
import { lostGround } from './still-granted.ts';
import { tellSafely } from './tell-safely.ts';
import type { Registration } from './terminations.ts';
import { toolOf } from './tool.ts';
import { namedTarget } from './tried-target.ts';

export interface AdmitTools extends SessionLifeTools, DecideAccessTools {
  readonly recordings: Recordings;
  /** Sessions that one person may have open at once. */
  readonly sessionsPerUser: number;
  readonly node: { readonly nodeId: NodeId; readonly bootId: string };
}

const unavailable =
  'the session could not be opened because a part of this installation is not working; try again later';

/** Its revocation or anything else that cuts may come at any moment from here on. */
interface Attempt {
  readonly request: AdmissionRequest;
  readonly wish: AccessWish;
  readonly sessionId: SessionId;
  readonly context: CommandContext;
  readonly registration: Registration;
  readonly changesBefore: number;
  /** Set once something cut the attempt before it became a session. */
  cut: { readonly reason: SessionEndReason; readonly how: LearnedBy | null } | null;
  life: SessionLife | null;
}

/**
 * The one road into a target for a person, in every protocol (HOUSE.md, "Admission"). Registers for termination, reads
 * everything at or after the head of now, appends `SessionAdmitted` to the pass's stream with the expected version, and
 * only then makes the permit. Every error is a no, and every no is an event.
 */
export async function admit(
  deps: AdmitTools,
  request: AdmissionRequest,
  end: EndListener,
  notice: NoticeListener,
): Promise<Admission> {
  const tellProxy = tellSafely(deps.processLog, { end, notice });
  const attempt = begin(deps, request, tellProxy);
  try {
    // Who logged in before the doors were shut, and is in a menu, is still there.
    if (deps.terminations.draining) {
      return await refuse(deps, attempt, null, 'unavailable', 'this node is about to stop', endMessage('shutdown'));
    }
    const others = deps.terminations.before(attempt.registration);
    if (others >= deps.sessionsPerUser) {
      const message = tooManySessions(deps.sessionsPerUser);
      return await refuse(deps, attempt, null, 'too-many-sessions', `${String(others)} are open`, message);
    }
    const { passId } = request.pass;
    if (isStreamIdOf('login', passId) && (await restOfLogin(deps, passId, true)) === null) {
      const message = endMessage('login-closed');
      return await refuse(deps, attempt, null, 'pass-not-live', 'the login has ended or was idle too long', message);
    }
    const decided = await decideAccess(deps, attempt.wish);
    if (decided.grant === null) {
      const message = refusalMessage(decided.denial, attempt.wish, request.pass.userName);
      const { denial } = decided;
      const refused = await refuse(deps, attempt, decided, refusalReason(denial), denial.detail, message);
      const asks = asksOf(denial);
      return asks === null ? refused : { ...refused, asks };
    }
    if (decided.credential === null) {
      const detail = 'the credential of the account is gone, inactive or of other targets';
      return await refuse(deps, attempt, decided, 'unavailable', detail, unavailable);
    }
    return await open(deps, attempt, decided, tellProxy);
  } catch (error) {
    deps.processLog.error('an admission failed, so it was refused', {
      sessionId: attempt.sessionId,
      error: String(error),
    });
    return await refuse(deps, attempt, null, 'unavailable', 'an error on the way', unavailable);
  }
}

function begin(deps: AdmitTools, request: AdmissionRequest, tellProxy: TellProxy): Attempt {
  const sessionId = streamId('session', deps.tools.ids.uuid());
  const { passId, userId } = request.pass;
  const { protocol, destination, source } = request;
  const attempt: Attempt = {
    request,
    wish: { passId, userId, protocol, destination, source, reason: reasonOf(request.reason) },
    sessionId,
    context: { actor: { kind: 'user', userId }, correlationId: deps.tools.ids.uuid(), causationId: null },
    registration: deps.terminations.register(
      { sessionId, passId, userId, identityId: null, entitlementId: null, targetId: null, basis: null },
      (reason, message, how) => {
        attempt.cut ??= { reason, how };
        if (attempt.life === null) tellProxy.end(reason, message);
        else attempt.life.cut(reason, message, how);
      },
      tellProxy.notice,
    ),
    changesBefore: deps.terminations.changes,
    cut: null,
    life: null,
  };
  return attempt;
}

type Granted = Extract<DecidedAccess, { readonly denial: null }>;

async function open(deps: AdmitTools, attempt: Attempt, decided: Granted, tellProxy: TellProxy): Promise<Admission> {
  const { grant, place, identityId } = decided;
  if (place === null) throw new SallyportError('internal', 'grant-without-place', 'a grant names no target');
  const { id, spec } = place.target;
  const basis = {
    wish: { ...attempt.wish, destination: { target: spec.name, account: grant.account.username } },
    admitted: { terms: grant, target: { id, host: spec.host, port: spec.port } },
  };
  const entitlementId = grant.entitlement.id;
  attempt.registration.grounds = { ...attempt.registration.grounds, identityId, entitlementId, targetId: id, basis };
  const admitted = await appendAdmitted(deps, attempt, decided);
  if (!admitted.ok) return refuse(deps, attempt, decided, admitted.reason, admitted.detail, admitted.message);
  if (deps.terminations.changes !== attempt.changesBefore) {
    // Something changed while nobody could know yet what this attempt rests on.
    const again = await decideAccess(deps, basis.wish);
    const lost = lostGround(basis.admitted, again);
    if (lost !== null) {
      const { denial } = again;
      const message =
        denial === null ? lost.message : refusalMessage(denial, attempt.wish, attempt.request.pass.userName);
      return refuse(deps, attempt, again, 'not-allowed', 'access was lost while it was admitted', message);
    }
  }
  const authorized = permit(attempt, decided, admitted.pass, admitted.at);
  const recorder = await createRecording(deps, authorized);
  if (recorder === 'failed') {
    const detail = 'the required recording could not be created';
    return refuse(deps, attempt, decided, 'recording-unavailable', detail, unavailable);
  }
  const life = new SessionLife(deps, authorized, recorder, attempt.context, attempt.registration, tellProxy);
  attempt.life = life;
  const opened = life.opened(openingFacts(deps, attempt, authorized));
  if (attempt.cut !== null) life.cut(attempt.cut.reason, null, attempt.cut.how);
  await opened;
  if (life.hasEnded) return { ok: false, message: 'the session was ended while it was being opened; connect again' };
  return { ok: true, session: life };
}

type Admitted =
  | { readonly ok: true; readonly pass: PassFacts; readonly at: string }
  | {
      readonly ok: false;
      readonly reason: SessionRefused['data']['reason'];
      readonly detail: string;
      readonly message: string;
    };

async function appendAdmitted(deps: AdmitTools, attempt: Attempt, decided: Granted): Promise<Admitted> {
  const { passId, userId } = attempt.wish;
  const data: SessionAdmitted['data'] = {
    sessionId: attempt.sessionId,
    userId,
    targetId: attempt.registration.grounds.targetId ?? fail(),
    accountId: decided.grant.account.id,
    protocol: attempt.request.protocol,
    entitlement: { id: decided.grant.entitlement.id, version: decided.grant.entitlement.version },
    policyVersion: decided.policyVersion ?? fail(),
    dialect: decided.dialect,
    claimsDigest: decided.claimsDigest,
    source: attempt.request.source,
  };
  let at = '';
  const result = await runOnPass(deps.tools, passId, attempt.context, (now) => {
    at = now;
    return { type: 'admit', session: data, at: now };
  });
  if (!result.ok) {
    const { code, message } = result.rejection;
    const reason = code === 'wrong-target' || code === 'wrong-protocol' ? 'pass-scope' : 'pass-not-live';
    return { ok: false, reason, detail: code, message };
  }
  const state = await readPass(deps.tools, passId);
  if (state.status !== 'issued') {
    return { ok: false, reason: 'pass-not-live', detail: 'revoked', message: endMessage(revokedReason(passId, null)) };
  }
  return { ok: true, pass: state.pass, at };
}

function fail(): never {
  throw new SallyportError('internal', 'admission-incomplete', 'an admission lacks what it was decided on');
}

function permit(attempt: Attempt, decided: Granted, pass: PassFacts, at: string): AuthorizedSession {
  const { grant, place } = decided;
  const account = place?.accounts.find(({ id }) => id === grant.account.id);
  if (place === null || account === undefined) return fail();
  const longest = grant.maxSessionMilliseconds;
  const byEntitlement = longest === null ? null : plusMilliseconds(at, longest);
  const shorter = byEntitlement !== null && millisecondsBetween(byEntitlement, pass.expiresAt) > 0;
  const { id, spec } = place.target;
  const facts: AuthorizedSessionFacts = {
    sessionId: attempt.sessionId,
    passId: attempt.wish.passId,
    userId: attempt.wish.userId,
    userName: attempt.request.pass.userName,
    protocol: attempt.request.protocol,
    target: { id, name: spec.name, host: spec.host, port: spec.port, trust: spec.trust },
    account: { id: account.id, username: account.username, credential: decided.credential ?? fail() },
    entitlementId: grant.entitlement.id,
    recording: grant.recording,
    channels: grant.channels,
    admittedAt: at,
    endsAt: shorter ? byEntitlement : pass.expiresAt,
    endsBecause: shorter ? 'max-session' : 'pass-expired',
    idleMilliseconds: grant.idleMilliseconds,
    source: attempt.request.source,
  };
  return facts as AuthorizedSession;
}

function openingFacts(
  deps: AdmitTools,
  attempt: Attempt,
  session: AuthorizedSession,
): Parameters<SessionLife['opened']>[0] {
  return {
    passId: session.passId,
    userId: session.userId,
    targetId: session.target.id,
    targetName: session.target.name,
    accountId: session.account.id,
    accountName: session.account.username,
    entitlementId: session.entitlementId,
    protocol: session.protocol,
    source: session.source,
    client: attempt.request.client,
    group: deps.terminations.group(attempt.registration, toolOf(session, attempt.request.client)),
    reason: attempt.wish.reason === '' ? null : attempt.wish.reason,
    recording: session.recording,
    ...deps.node,
  };
}

async function refuse(
  deps: AdmitTools,
  attempt: Attempt,
  decided: DecidedAccess | null,
  reason: SessionRefused['data']['reason'],
  detail: string,
  message: string,
): Promise<Extract<Admission, { ok: false }>> {
  deps.terminations.release(attempt.registration);
  const refusal: SessionRefused['data'] = {
    userId: attempt.wish.userId,
    passId: attempt.wish.passId,
    targetId: decided?.place?.target.id ?? namedTarget(deps, attempt.wish.destination),
    accountId: decided?.grant?.account.id ?? null,
    protocol: attempt.request.protocol,
    source: attempt.request.source,
    reason,
    detail,
    policyVersion: decided?.policyVersion ?? null,
  };
  try {
    const stream = new StreamWriter(deps.tools, sessionDecider, attempt.sessionId);
    await stream.run(attempt.context, { type: 'refuse', refusal });
  } catch (error) {
    deps.processLog.error('a refusal could not be logged', {
      sessionId: attempt.sessionId,
      reason,
      error: String(error),
    });
  }
  return { ok: false, message };
}
