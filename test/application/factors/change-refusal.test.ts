import { expect, test } from 'vitest';
import { type AuthenticationId, type FactorId, streamId } from '../../../src/domain/kernel/ids.ts';
import type { FactorFace } from '../../../src/application/ports/login-face.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import { appCode } from '../../kit/authenticator-app.ts';
import { authenticated, loggedInBy } from '../kit/factor-login.ts';
import { factorsIn } from '../kit/factors.ts';
import { type House, openHouse } from '../kit/house.ts';
import { movingClock } from '../kit/moving-clock.ts';
import { enrol, use } from './kit.ts';

type Outcome = { readonly ok: true } | { readonly ok: false; readonly errors: readonly { readonly code: string }[] };
const code = (outcome: Outcome): string | undefined => (outcome.ok ? 'done' : outcome.errors[0]?.code);

async function house() {
  const clock = movingClock();
  const house = await openHouse(clock);
  const { face } = factorsIn(house);
  const show = (viewer: Viewer, over: Partial<Parameters<typeof authenticated>[1]> = {}): Promise<AuthenticationId> => {
    const { userId, loginId } = viewer;
    const factorId = streamId('factor', house.node.tools.ids.uuid());
    return authenticated(house, { userId, purpose: 'fresh-factor', loginId, by: ['OATH'], factorId, ...over });
  };
  return { house, clock, face, show };
}

/** Each change that somebody may want. */
const changes: readonly [
  string,
  (face: FactorFace, viewer: Viewer, factor: FactorId, fresh: string | null) => Promise<Outcome>,
][] = [
  ['enrolling an app', (face, viewer, _factor, fresh) => face.beginTotp(viewer, 'thief', fresh)],
  ['enrolling a key', (face, viewer, _factor, fresh) => face.beginWebauthn(viewer, 'thief', fresh)],
  ['drawing codes', (face, viewer, _factor, fresh) => face.drawRecoveryCodes(viewer, null, fresh)],
  ['removing a factor', (face, viewer, factor, fresh) => face.removeFactor(viewer, factor, fresh)],
];

test.each(changes)('%s needs a factor shown by this very login, and one showing for each', async (what, change) => {
  const { house: h, clock, face, show } = await house();
  const phone = await enrol(h, 'totp');
  const [viewer, other] = [await loggedInBy(h, ['UP']), await loggedInBy(h, ['UP'])];
  expect(code(await change(face, viewer, phone, null))).toBe('fresh-factor-needed');
  const wrong = ['', 'x', viewer.loginId, await show(other), await show(viewer, { purpose: 'login', loginId: null })];
  for (const fresh of wrong) expect(code(await change(face, viewer, phone, fresh))).toBe('fresh-factor-needed');
  const late = await show(viewer);
  clock.move(5 * 60_000);
  expect(code(await change(face, viewer, phone, late)), 'too late').toBe('fresh-factor-needed');
  expect((await h.events('FactorEnrolled')).length + (await h.events('FactorRemoved')).length).toBe(1);

  await enrol(h, 'webauthn');
  const shown = await show(viewer);
  expect(code(await change(face, viewer, phone, shown))).toBe('done');
  const [used] = await h.events('FreshFactorUsed');
  expect(used).toMatchObject({ stream: shown, data: { purpose: what.includes('removing') ? 'removal' : 'enrolment' } });
  for (const [another, again] of changes.slice(0, 3))
    expect(code(await again(face, viewer, phone, shown)), another).toBe('fresh-factor-needed');
});

test('a login that was opened by a factor changes them for 5 minutes; one that it let in at another door does not', async () => {
  const { house: h, clock, face } = await house();
  await enrol(h, 'totp');
  const viewer = await loggedInBy(h, ['UP', 'OATH']);
  const letIn = await loggedInBy(h, ['UP', 'OATH'], { door: 'cli' });
  expect(code(await face.beginTotp(letIn, 'thief'))).toBe('fresh-factor-needed');
  expect(code(await face.beginTotp(await loggedInBy(h, ['UP']), 'thief'))).toBe('fresh-factor-needed');
  clock.move(5 * 60_000 - 1_000);
  expect(code(await face.beginTotp(viewer, 'phone'))).toBe('done');
  clock.move(1_000);
  expect(code(await face.beginTotp(viewer, 'phone'))).toBe('fresh-factor-needed');
});

test('who has none, or used up every code, is asked for nothing; codes that are left count', async () => {
  const { house: h, face } = await house();
  const viewer = await loggedInBy(h, ['UP']);
  expect(code(await face.beginTotp(viewer, 'phone'))).toBe('done');
  const codes = await enrol(h, 'recovery', 1);
  expect(code(await face.beginTotp(viewer, 'phone'))).toBe('fresh-factor-needed');
  await use(h, codes, { kind: 'recovery', code: 0 });
  expect(code(await face.beginTotp(viewer, 'phone'))).toBe('done');
});

test('what was begun without a factor is not ended when there is one', async () => {
  const { house: h, clock, face } = await house();
  const viewer = await loggedInBy(h, ['UP']);
  const begun = [await face.beginTotp(viewer, 'mine'), await face.beginTotp(viewer, 'thief')];
  const finish = async (one: (typeof begun)[number] | undefined): Promise<Outcome> => {
    if (one?.ok !== true) throw new Error('not begun');
    return face.finishTotp(viewer, { sealed: one.sealed, code: appCode(one.secret, clock.wall()) });
  };
  expect(code(await finish(begun[0]))).toBe('done');
  expect(code(await finish(begun[0])), 'the same wish').toBe('done');
  expect(code(await finish(begun[1]))).toBe('fresh-factor-needed');
});

test('an administrator changes what is somebody else’s by a factor of their own, if they have one', async () => {
  const { house: h, face, show } = await house();
  await h.apply(`apiVersion: sallyport/v1
kind: User
metadata: {name: bob}
spec: {password: a long enough password}
`);
  const admin = await loggedInBy(h, ['UP'], { permissions: ['self', 'administer'] });
  const drawn = await face.drawRecoveryCodes(admin, 'bob');
  if (!drawn.ok) throw new Error('an administrator without a factor was refused');
  const { factorId } = drawn;
  await enrol(h, 'totp');
  expect(code(await face.drawRecoveryCodes(admin, 'bob'))).toBe('fresh-factor-needed');
  expect(code(await face.removeFactor(admin, factorId))).toBe('fresh-factor-needed');
  expect(code(await face.removeFactor(admin, factorId, await show(admin)))).toBe('done');
  expect(code(await face.drawRecoveryCodes(admin, 'bob', await show(admin)))).toBe('done');
});

test('the first factor ends the logins that showed none, but for the one that enrolled it', async () => {
  const { house: h, clock, face } = await house();
  const [viewer, before, byKey] = [
    await loggedInBy(h, ['UP']),
    await loggedInBy(h, ['UP']),
    await loggedInBy(h, ['UP', 'WebAuthn']),
  ];
  const bob = await loggedInBy(h, ['UP'], { userId: streamId('user', h.node.tools.ids.uuid()) });
  const begun = await face.beginTotp(viewer, 'phone');
  if (!begun.ok) throw new Error('not begun');
  expect(await closed(h)).toEqual([]);
  await face.finishTotp(viewer, { sealed: begun.sealed, code: appCode(begun.secret, clock.wall()) });
  expect(await closed(h)).toEqual([[before.loginId, { reason: 'factor-enrolled', how: null }]]);
  expect([byKey, bob].map(({ loginId }) => loginId)).not.toContain(before.loginId);

  const later = await loggedInBy(h, ['UP']);
  await face.drawRecoveryCodes(byKey, null);
  expect(await closed(h), 'where the policy lets them in they stay').toHaveLength(1);
  expect(await h.types(later.loginId)).toEqual(['LoginOpened']);
});

const closed = async (h: House): Promise<unknown[]> =>
  (await h.events('LoginClosed')).map(({ stream, data }) => [stream, data]);
