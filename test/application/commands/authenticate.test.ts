import { expect, it } from 'vitest';
import {
  advanceAuthentication,
  type AuthenticateTools,
  startAuthentication,
} from '../../../src/application/commands/authenticate.ts';
import { LoginActivity, logout, type LoginTools, viewerOf } from '../../../src/application/commands/logins.ts';
import type { AuthenticationProgress } from '../../../src/application/ports/application-face.ts';
import { type House, openHouse } from '../kit/house.ts';
import { movingClock } from '../kit/moving-clock.ts';

const password = 'a long enough password';
const minute = 60_000;

interface Desk {
  readonly house: House;
  readonly deps: AuthenticateTools & LoginTools;
  readonly hashes: (string | null)[];
  readonly activity: LoginActivity;
  readonly move: (milliseconds: number) => void;
  login(userName: string, answer: string, door?: 'web' | 'cli'): Promise<AuthenticationProgress>;
}

async function openDesk(): Promise<Desk> {
  const clock = movingClock();
  const house = await openHouse(clock);
  const { tools, custody, views } = house.node;
  const hashes: (string | null)[] = [];
  const passwords = {
    ...custody.passwords,
    verify: (hash: string | null, answer: string) => {
      hashes.push(hash);
      return custody.passwords.verify(hash, answer);
    },
  };
  const deps = { ...custody, tools, views, passwords };
  return {
    house,
    deps,
    hashes,
    activity: new LoginActivity(),
    move: (milliseconds) => clock.move(milliseconds),
    login: async (userName, answer, door = 'web') => {
      const started = await startAuthentication(deps, { userName, door, clientId: null, source: '192.0.2.7' });
      const mechanismId = started.challenges[0]?.mechanisms[0]?.id ?? '';
      const { authenticationId } = started;
      return advanceAuthentication(deps, { authenticationId, mechanismId, answer, source: '192.0.2.7' });
    },
  };
}

async function secretOf(desk: Desk, door: 'web' | 'cli'): Promise<string> {
  const progress = await desk.login('alice', password, door);
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
  const started = await startAuthentication(desk.deps, { userName: 'Alice', door: 'cli', clientId: null, source: 's' });
  const mechanismId = started.challenges[0]?.mechanisms[0]?.id ?? '';
  const wish = { authenticationId: started.authenticationId, mechanismId, answer: password, source: 's' };
  const both = await Promise.all([advanceAuthentication(desk.deps, wish), advanceAuthentication(desk.deps, wish)]);
  expect(both.map(({ status }) => status).sort()).toEqual(['failed', 'success']);
  const success = both.find(({ status }) => status === 'success');
  const secret = success?.status === 'success' ? success.login.secret : '';
  expect(await viewerOf(desk.deps, desk.activity, secret)).toMatchObject({ userName: 'alice', permissions: ['self'] });
  expect(await desk.house.events('LoginOpened')).toMatchObject([{ data: { provider: 'local', identityId: null } }]);
});

it('takes no answer after the time of the attempt', async () => {
  const desk = await openDesk();
  const started = await startAuthentication(desk.deps, { userName: 'alice', door: 'cli', clientId: null, source: 's' });
  desk.move(5 * minute);
  const mechanismId = started.challenges[0]?.mechanisms[0]?.id ?? '';
  const wish = { authenticationId: started.authenticationId, mechanismId, answer: password, source: 's' };
  expect((await advanceAuthentication(desk.deps, wish)).status).toBe('failed');
});

it('closes a web login that was idle for more than 15 minutes, for good', async () => {
  const desk = await openDesk();
  const secret = await secretOf(desk, 'web');
  for (let use = 0; use < 3; use += 1) {
    expect(await viewerOf(desk.deps, desk.activity, secret)).not.toBeNull();
    desk.move(15 * minute);
  }
  expect(await viewerOf(desk.deps, desk.activity, secret)).not.toBeNull();
  desk.move(15 * minute + 1);
  expect(await viewerOf(desk.deps, desk.activity, secret)).toBeNull();
  expect(await desk.house.events('LoginClosed')).toMatchObject([{ data: { reason: 'idle' } }]);
  expect(await viewerOf(desk.deps, new LoginActivity(), secret), 'after a restart').toBeNull();
});

it('ends every login after 12 hours, whatever its use', async () => {
  const desk = await openDesk();
  const secret = await secretOf(desk, 'cli');
  desk.move(12 * 60 * minute - 1);
  expect(await viewerOf(desk.deps, desk.activity, secret)).not.toBeNull();
  desk.move(1);
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
