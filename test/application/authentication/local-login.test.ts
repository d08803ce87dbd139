import { expect, it } from 'vitest';
import { LoginActivity } from '../../../src/application/commands/login-activity.ts';
import { logout, viewerOf } from '../../../src/application/commands/logins.ts';
import { type LoginDesk, openDesk, password } from '../kit/login-desk.ts';

const minute = 60_000;

async function secretOf(desk: LoginDesk, door: 'web' | 'cli'): Promise<string> {
  const progress = await desk.login('alice', password, null, door);
  if (progress.status !== 'success') throw new Error(progress.status);
  return progress.login.secret;
}

const user = (spec: string): string => `apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: ${spec}`;

it('answers a wrong password and an unknown name alike, with the same hashing work', async () => {
  const desk = await openDesk();
  const wrong = await desk.login('alice', 'not the password');
  expect(wrong.status).toBe('failed');
  expect(await desk.login('mallory', 'not the password')).toEqual(wrong);
  expect(desk.hashes).toHaveLength(2);
  const reasons = (await desk.house.events('AuthenticationFailed')).map((event) => event.data);
  expect(reasons).toMatchObject([{ reason: 'wrong-answer' }, { reason: 'unknown-user', userId: null }]);
});

it('never opens a login for a disabled person, and says so only to who knows the password', async () => {
  const desk = await openDesk();
  await desk.house.apply(user('{disabled: true}'));
  expect(await desk.login('alice', password)).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('disabled') as string,
  });
  expect(await desk.login('alice', 'not the password')).toEqual(await desk.login('mallory', password));
  expect(await desk.house.events('LoginOpened')).toEqual([]);
});

it('never opens a login with a password that must be changed first', async () => {
  const desk = await openDesk();
  await desk.house.apply(
    `apiVersion: sallyport/v1\nkind: User\nmetadata: {name: carol}\nspec: {password: ${password}, mustChange: true}`,
  );
  expect(await desk.login('carol', password)).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('must be changed') as string,
  });
  expect(await desk.house.events('LoginOpened')).toEqual([]);
});

it('opens a login that names its person, and an attempt only once', async () => {
  const desk = await openDesk();
  const started = await desk.start('Alice', null, 'cli');
  const both = await Promise.all([desk.answer(started, password), desk.answer(started, password)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['failed', 'success']);
  const success = both.find(({ status }) => status === 'success');
  const secret = success?.status === 'success' ? success.login.secret : '';
  expect(await viewerOf(desk.deps, desk.activity, secret)).toMatchObject({ userName: 'alice', permissions: ['self'] });
  expect(await desk.house.events('LoginOpened')).toMatchObject([{ data: { provider: 'local', identityId: null } }]);
});

it('takes no answer after the time of the attempt', async () => {
  const desk = await openDesk();
  const started = await desk.start('alice', null, 'cli');
  desk.clock.move(5 * minute);
  expect((await desk.answer(started, password)).status).toBe('failed');
});

it('closes a web login that was idle for more than 15 minutes, for good', async () => {
  const desk = await openDesk();
  const secret = await secretOf(desk, 'web');
  for (let use = 0; use < 3; use += 1) {
    expect(await viewerOf(desk.deps, desk.activity, secret)).not.toBeNull();
    desk.clock.move(15 * minute);
  }
  expect(await viewerOf(desk.deps, desk.activity, secret)).not.toBeNull();
  desk.clock.move(15 * minute + 1);
  expect(await viewerOf(desk.deps, desk.activity, secret)).toBeNull();
  expect(await desk.house.events('LoginClosed')).toMatchObject([{ data: { reason: 'idle' } }]);
  expect(await viewerOf(desk.deps, new LoginActivity(), secret), 'after a restart').toBeNull();
});

it('counts it as no use when an answer under way looks whether it may go on', async () => {
  const desk = await openDesk();
  const secret = await secretOf(desk, 'web');
  expect(await viewerOf(desk.deps, desk.activity, secret)).not.toBeNull();
  desk.clock.move(15 * minute);
  expect(await viewerOf(desk.deps, desk.activity, secret, false)).not.toBeNull();
  desk.clock.move(1);
  expect(await viewerOf(desk.deps, desk.activity, secret, false)).toBeNull();
  expect(await desk.house.events('LoginClosed')).toMatchObject([{ data: { reason: 'idle' } }]);
});

it('ends every login after 12 hours, whatever its use', async () => {
  const desk = await openDesk();
  const secret = await secretOf(desk, 'cli');
  desk.clock.move(12 * 60 * minute - 1);
  expect(await viewerOf(desk.deps, desk.activity, secret)).not.toBeNull();
  desk.clock.move(1);
  expect(await viewerOf(desk.deps, desk.activity, secret)).toBeNull();
});

it('ends with a logout, and with the person', async () => {
  const desk = await openDesk();
  const [one, other] = [await secretOf(desk, 'cli'), await secretOf(desk, 'cli')];
  const viewer = await viewerOf(desk.deps, desk.activity, one);
  if (viewer === null) throw new Error('no viewer');
  await logout(desk.deps, desk.activity, viewer);
  expect(await viewerOf(desk.deps, desk.activity, one)).toBeNull();
  expect(await viewerOf(desk.deps, desk.activity, other)).not.toBeNull();
  await desk.house.apply(user('{disabled: true}'));
  expect(await viewerOf(desk.deps, desk.activity, other)).toBeNull();
});

it('gives what declared roles permit as they are now', async () => {
  const desk = await openDesk();
  const role = (permissions: string): string =>
    `apiVersion: sallyport/v1\nkind: Role\nmetadata: {name: readers}\nspec: {permissions: [${permissions}]}`;
  await desk.house.apply(`${role('audit')}\n---\n${user('{roles: [readers]}')}`);
  const secret = await secretOf(desk, 'cli');
  expect((await viewerOf(desk.deps, desk.activity, secret))?.permissions).toEqual(['self', 'audit']);
  await desk.house.apply(role('operate'));
  expect((await viewerOf(desk.deps, desk.activity, secret))?.permissions).toEqual(['self', 'operate']);
});
