import { expect, it } from 'vitest';
import type { BrowserDoor } from '../../../src/application/admission/door.ts';
import { attendLogin } from '../../../src/application/terminals/attend-login.ts';
import { plusMilliseconds } from '../../../src/domain/kernel/time.ts';
import { doorsOf } from '../../../src/main/admission-doors.ts';
import { until } from '../../kit/until.ts';
import { logIn } from '../factors/kit.ts';
import { type House, openHouse } from '../kit/house.ts';
import { movingClock } from '../kit/moving-clock.ts';

function doorOf({ node }: House): BrowserDoor {
  const { admission, views, custody } = node;
  return doorsOf({ admission, views, custody, brake: null as never }, 'https://localhost');
}

it('a login that opened no session is closed when it was idle, and who attends to it is told', async () => {
  const clock = movingClock();
  const house = await openHouse(clock);
  const { tools, admission } = house.node;
  const viewer = await logIn(house, { idleMilliseconds: 20 });
  const told: string[] = [];
  admission.activity.use(viewer.loginId, clock.wall());
  const login = await attendLogin({ tools, door: doorOf(house) }, viewer, (reason) => told.push(reason));
  clock.move(15);
  login!.active();
  await until(() => admission.activity.idleFor(viewer.loginId, clock.wall()) === 0, { what: 'the use' });
  clock.move(15);
  expect(await login!.isLive()).toBe(true);
  expect(told).toEqual([]);
  clock.move(21);
  await until(() => told.length > 0, { what: 'the end' });
  expect(told).toEqual(['login-closed']);
  expect(await house.events('LoginClosed')).toMatchObject([{ stream: viewer.loginId, data: { reason: 'idle' } }]);
  expect(await login!.isLive()).toBe(false);
});

it('who attends to a login is told at the end of its time, and of one that has ended nobody', async () => {
  const clock = movingClock();
  const house = await openHouse(clock);
  const { tools } = house.node;
  const told: string[] = [];
  const soon = plusMilliseconds(clock.wall(), 50);
  const viewer = { ...(await logIn(house)), expiresAt: soon };
  const parts = { tools, door: doorOf(house) };
  const login = await attendLogin(parts, viewer, (reason) => told.push(reason));
  await until(() => told.length > 0, { what: 'the end' });
  expect(told).toEqual(['pass-expired']);
  login!.release();
  clock.move(3_600_000);
  expect(await attendLogin(parts, viewer, (reason) => told.push(reason))).toBe(null);
});
