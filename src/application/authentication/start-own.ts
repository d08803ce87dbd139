import type { Challenge, Mechanism } from '../../domain/authentication/events.ts';
import type { FactorId, UserId } from '../../domain/kernel/ids.ts';
import { viewerContext } from '../commands/logins.ts';
import { refused } from '../commands/passes.ts';
import type { Viewer } from '../ports/application-face.ts';
import type { FreshStart, LoginFace } from '../ports/login-face.ts';
import type { FactorRow } from '../ports/read-models.ts';
import { everyRow, upToHead } from '../reading.ts';
import { chosenProvider } from './chosen-provider.ts';
import { begin, firstChallenge } from './start.ts';
import type { AuthenticationTools } from './tools.ts';

const mechanismOfKind = {
  totp: { name: 'OATH', answerType: 'Text' },
  webauthn: { name: 'WebAuthn', answerType: 'StartOob' },
  recovery: { name: 'RC', answerType: 'Text' },
} as const satisfies Record<FactorRow['kind'], Pick<Mechanism, 'name' | 'answerType'>>;

/** Somebody logged in shows one of their factors again. */
export async function startFreshFactor(
  deps: AuthenticationTools,
  viewer: Viewer,
  { door, source }: Parameters<LoginFace['startFreshFactor']>[1],
): Promise<FreshStart> {
  const challenge = await ownFactors(deps, viewer.userId);
  if (challenge === null) {
    return refused(
      'no-factor',
      'you have no second factor to show; enrol one, or ask an administrator for recovery codes',
    );
  }
  const { userId, loginId } = viewer;
  const started = await begin(deps, viewerContext(deps, viewer), {
    userId,
    nameKey: null,
    door,
    clientId: null,
    source,
    provider: 'local',
    purpose: 'fresh-factor',
    loginId,
    challenges: [challenge],
  });
  return { ok: true, ...started };
}

/** One mechanism for each kind of factor that the person has; null: there is none. */
async function ownFactors({ tools, views }: AuthenticationTools, userId: UserId): Promise<Challenge | null> {
  await upToHead(tools.log, views.factors);
  const rows = everyRow<FactorRow>(views.factors, 'factorId', { where: { userId, removed: 0 } });
  const byKind = new Map<FactorRow['kind'], FactorId[]>();
  for (const { kind, factorId, codes, spent } of rows) {
    if (codes !== null && spent >= codes) continue;
    byKind.set(kind, [...(byKind.get(kind) ?? []), factorId]);
  }
  const mechanisms = [...byKind].map(([kind, factorIds]) => ({
    id: tools.ids.uuid(),
    ...mechanismOfKind[kind],
    factorIds,
  }));
  return mechanisms.length === 0 ? null : { mechanisms };
}

/** Somebody logged in shows at a provider that an identity there is theirs too. Errors: as `startAuthentication`. */
export async function startLink(
  deps: AuthenticationTools,
  viewer: Viewer,
  wish: Parameters<LoginFace['startLink']>[1],
): Promise<FreshStart> {
  const { provider, userName, door, source } = wish;
  const chosen = await chosenProvider(deps, wish);
  if (provider === 'local') return refused('wrong-provider', 'there is nothing to link at the local provider');
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
