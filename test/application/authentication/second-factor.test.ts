import { expect, it } from 'vitest';
import type { StartedAuthentication } from '../../../src/application/ports/login-face.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { appCode } from '../../kit/authenticator-app.ts';
import { softwareAuthenticator } from '../../kit/software-authenticator.ts';
import { webOrigin } from '../kit/factors.ts';
import { type LoginDesk, openDesk, password, source } from '../kit/login-desk.ts';

const step = 30_000;

/** alice has an authenticator app; its code of now is used already. */
async function withTotp(desk: LoginDesk): Promise<(steps?: number) => string> {
  const viewer = desk.house.viewer();
  const begun = await desk.factorFace.beginTotp(viewer, 'phone');
  if (!begun.ok) throw new Error('not begun');
  const code = (steps = 0): string => appCode(begun.secret, desk.clock.wall(), steps);
  const done = await desk.factorFace.finishTotp(viewer, { sealed: begun.sealed, code: code() });
  if (!done.ok) throw new Error('not enrolled');
  desk.clock.move(step);
  return code;
}

/** alice behind her password, before the next challenge. */
async function behindPassword(desk: LoginDesk): Promise<StartedAuthentication> {
  const started = await desk.start('alice');
  expect(started.challenges, 'a stranger sees no more than of anybody').toHaveLength(1);
  const next = await desk.answer(started, password);
  if (next.status !== 'next') throw new Error(next.status);
  return { ...started, challenges: next.challenges };
}

it('whoever enrolled a factor is asked for it after the password, and logs in by both', async () => {
  const desk = await openDesk();
  const code = await withTotp(desk);
  const second = await behindPassword(desk);
  expect(second.challenges).toMatchObject([{ mechanisms: [{ name: 'OATH' }] }]);
  expect(await desk.house.events('LoginOpened')).toEqual([]);
  expect((await desk.answer(second, code())).status).toBe('success');
  expect((await desk.house.events('LoginOpened'))[0]?.data).toMatchObject({ factors: ['UP', 'OATH'] });
});

it('a wrong code ends the attempt; a challenge of another attempt is none', async () => {
  const desk = await openDesk();
  const code = await withTotp(desk);
  const second = await behindPassword(desk);
  const wrong = code() === '000000' ? '000001' : '000000';
  expect(await desk.answer(second, wrong)).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('code') as string,
  });
  expect((await desk.answer(second, code())).status).toBe('failed');
  const third = await behindPassword(desk);
  const other = await desk.start('alice');
  expect((await desk.answer({ ...other, challenges: third.challenges }, code())).status).toBe('failed');
  expect(await desk.house.events('LoginOpened')).toEqual([]);
});

it('one code opens one login, in 20 attempts at once', async () => {
  const desk = await openDesk();
  const code = await withTotp(desk);
  const attempts = await Promise.all(Array.from({ length: 20 }, () => behindPassword(desk)));
  const all = await Promise.all(attempts.map((one) => desk.answer(one, code())));
  expect(all.filter(({ status }) => status === 'success')).toHaveLength(1);
  expect(await desk.house.events('LoginOpened')).toHaveLength(1);
});

it('a passkey answers what was begun for it, once', async () => {
  const desk = await openDesk();
  const viewer = desk.house.viewer();
  const key = softwareAuthenticator(webOrigin);
  const begun = await desk.factorFace.beginWebauthn(viewer, 'laptop');
  if (!begun.ok) throw new Error('not begun');
  await desk.factorFace.finishWebauthn(viewer, { sealed: begun.sealed, credential: key.create(begun.options) });
  const [one, other] = [await behindPassword(desk), await behindPassword(desk)];
  const asked = async ({ authenticationId, challenges }: StartedAuthentication) => {
    const mechanismId = challenges[0]?.mechanisms[0]?.id ?? '';
    const round = await desk.face.beginMechanism({ authenticationId, mechanismId, source });
    if (round.status !== 'begun' || round.options === null) throw new Error(JSON.stringify(round));
    return { wish: { authenticationId, mechanismId, round: round.round, source }, answer: key.get(round.options) };
  };
  const [first, second] = [await asked(one), await asked(other)];
  const stray = await desk.face.advanceAuthentication({
    ...first.wish,
    round: second.wish.round,
    answer: second.answer,
  });
  expect(stray.status).toBe('failed');
  expect((await desk.face.advanceAuthentication({ ...first.wish, answer: first.answer })).status).toBe('success');
  expect((await desk.face.advanceAuthentication({ ...first.wish, answer: first.answer })).status).toBe('failed');
  expect((await desk.face.advanceAuthentication({ ...second.wish, answer: first.answer })).status).toBe('failed');
  expect(await desk.house.events('LoginOpened')).toHaveLength(1);
});

it('a policy that can’t be asked lets nobody in', async () => {
  for (const requiredChallenges of [async () => null, () => Promise.reject(new Error('down'))]) {
    const desk = await openDesk({ requiredChallenges });
    expect((await desk.login('alice', password)).status).toBe('failed');
    expect(await desk.house.events('AuthenticationFailed')).toMatchObject([{ data: { reason: 'no-policy' } }]);
  }
});

it('a fresh factor is shown by somebody logged in, and opens no login', async () => {
  const desk = await openDesk();
  const code = await withTotp(desk);
  const viewer = desk.house.viewer();
  const started = await desk.face.startFreshFactor(viewer, { for: 'pass', door: 'cli', source });
  if (!started.ok) throw new Error('no factor');
  expect(started.challenges).toMatchObject([{ mechanisms: [{ name: 'OATH' }] }]);
  const { authenticationId } = started;
  expect(await desk.answer(started, code())).toEqual({ status: 'shown', authenticationId, purpose: 'fresh-factor' });
  expect(await desk.house.events('LoginOpened')).toEqual([]);
  expect((await desk.house.events('AuthenticationSucceeded'))[0]?.data).toMatchObject({ loginId: viewer.loginId });
  const nobody = desk.house.viewer({ userId: streamId('user', desk.deps.tools.ids.uuid()) });
  expect(await desk.face.startFreshFactor(nobody, { for: 'pass', door: 'cli', source })).toMatchObject({
    errors: [{ code: 'no-factor' }],
  });
});
