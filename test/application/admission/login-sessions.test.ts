import { expect, it } from 'vitest';
import type { LiveSession } from '../../../src/application/admission/door.ts';
import { verifyLogin } from '../../../src/application/admission/login-pass.ts';
import { upToHead } from '../../../src/application/reading.ts';
import { until } from '../../kit/until.ts';
import { logIn } from '../factors/kit.ts';
import { ask, instead, openHouse } from '../kit/house.ts';
import { movingClock } from '../kit/moving-clock.ts';

const minute = 60_000;

async function opened({ admission }: ReturnType<typeof ask>): Promise<LiveSession> {
  const admitted = await admission;
  if (!admitted.ok) throw new Error(admitted.message);
  return admitted.session;
}

it('admits on the stream of the login, by the claims of the login, and to its end at the latest', async () => {
  const house = await openHouse();
  const byFactor = 'claims.user.factors.exists(f, f == \\"WebAuthn\\") && claims.user.provider == \\"local\\"';
  await house.apply(
    `apiVersion: sallyport/v1\nkind: Policy\nmetadata: {name: everybody}\nspec: {assign: "${byFactor}", entitlements: [box]}`,
  );
  const [weak, strong] = [await logIn(house), await logIn(house, { factors: ['UP', 'WebAuthn'] })];
  expect(await ask(house, weak.loginId).admission).toMatchObject({ ok: false });
  const { authorized } = await opened(ask(house, strong.loginId));
  expect(await house.types(weak.loginId)).toEqual(['LoginOpened']);
  expect(await house.types(strong.loginId)).toEqual(['LoginOpened', 'SessionAdmitted']);

  const { views, tools } = house.node;
  await upToHead(tools.log, views.activeLogins, views.liveSessions, views.sessionHistory, views.auditTrail);
  const login = views.activeLogins.get(strong.loginId);
  expect(authorized).toMatchObject({ endsAt: login?.expiresAt, endsBecause: 'pass-expired', passId: strong.loginId });
  const of = { where: { passId: strong.loginId }, limit: 2 } as const;
  expect(views.liveSessions.find(of)).toMatchObject([{ sessionId: authorized.sessionId }]);
  expect(views.sessionHistory.find(of)).toMatchObject([{ sessionId: authorized.sessionId }]);
  expect(views.auditTrail.find({ where: { stream: strong.loginId }, orderBy: 'position', limit: 3 })).toMatchObject([
    { type: 'LoginOpened', userId: house.alice },
    { type: 'SessionAdmitted', userId: house.alice, sessionId: authorized.sessionId },
  ]);
  expect([...views.activeTokens.find({ limit: 1 }), ...views.activeKeys.find({ limit: 1 })]).toEqual([]);
});

it('opens nothing by a login of the command line', async () => {
  const house = await openHouse();
  const { loginId } = await logIn(house, { door: 'cli' });
  expect(await ask(house, loginId).admission).toMatchObject({ ok: false });
  expect(await house.types(loginId)).toEqual(['LoginOpened']);
  expect(await house.events('SessionRefused')).toMatchObject([{ data: { reason: 'pass-not-live' } }]);
});

it('what is typed is a use of the login, what is shown is none, and an idle login opens nothing and ends', async () => {
  const clock = movingClock();
  const house = await openHouse(clock);
  const viewer = await logIn(house);
  const { admission: deps } = house.node;
  const asked = ask(house, viewer.loginId);
  const [session, shown] = [await opened(asked), await opened(ask(house, viewer.loginId))];
  clock.move(10 * minute);
  session.received(1);
  await until(() => deps.activity.idleFor(viewer.loginId, clock.wall()) === 0, { what: 'the use to be noted' });
  clock.move(10 * minute);
  expect(await verifyLogin(deps, viewer)).not.toBeNull();
  shown.sent(5);
  shown.received(5, false);
  shown.received(0);
  for (let read = 0; read < 5; read += 1) await house.types(viewer.loginId);
  clock.move(5 * minute + 1);
  expect(await verifyLogin(deps, viewer)).toBeNull();
  expect(await ask(house, viewer.loginId).admission).toMatchObject({ ok: false });
  expect(await house.events('LoginClosed')).toMatchObject([{ stream: viewer.loginId, data: { reason: 'idle' } }]);
  await until(() => asked.told.length > 0, { what: 'the cut' });
  expect(asked.told).toMatchObject([{ reason: 'login-closed' }]);
});

it('a login that goes idle under an open session is closed, and the session with it', async () => {
  const clock = movingClock();
  const house = await openHouse(clock);
  const { admission: deps } = house.node;
  const { loginId } = await logIn(house, { idleMilliseconds: 20 });
  let looked = 0;
  const now = async (): Promise<string> => {
    looked += 1;
    return deps.tools.now();
  };
  const asked = ask(house, loginId, {}, { ...deps, tools: instead(deps.tools, { now }) });
  await opened(asked);
  const before = looked;
  await until(() => looked > before + 3, { what: 'it to be looked at again and again' });
  expect(await house.types(loginId)).toEqual(['LoginOpened', 'SessionAdmitted']);
  clock.move(21);
  await until(() => asked.told.length > 0, { what: 'the cut' });
  expect(asked.told).toMatchObject([{ reason: 'login-closed' }]);
  expect(await house.events('LoginClosed')).toMatchObject([{ stream: loginId, data: { reason: 'idle' } }]);
});
