import { expect, it } from 'vitest';
import { nowOf } from '../../src/application/now.ts';
import { instead, openHouse } from './kit/house.ts';
import { movingClock } from './kit/moving-clock.ts';

it('never runs behind the newest event, and tells when the log is more than 30 s ahead', async () => {
  const clock = movingClock();
  const house = await openHouse(clock);
  const newest = await house.node.tools.log.newestAt();
  const told: string[][] = [];
  const now = nowOf(house.node.tools.log, clock, (...ahead) => told.push(ahead));
  clock.move(1);
  expect(await now()).toBe(clock.wall());
  clock.move(-30_001);
  expect(await now()).toBe(newest);
  expect(told, 'exactly 30 s').toEqual([]);
  clock.move(-1);
  expect(await now()).toBe(newest);
  expect(told).toEqual([[newest, clock.wall()]]);
});

it('gives a clock that was set back no right anew: what expired stays expired', async () => {
  const clock = movingClock();
  const house = await openHouse(clock);
  await house.token({}, 60_000);
  clock.move(60_000);
  await house.token();
  clock.move(-50_000);
  const [issued] = await house.events('TemporaryTokenIssued');
  const { expiresAt } = issued?.data as { readonly expiresAt: string };
  expect(await house.node.tools.now()).toBe(expiresAt);
});

it('is the clock on an empty log', async () => {
  const clock = movingClock();
  const house = await openHouse();
  const log = instead(house.node.tools.log, { newestAt: () => Promise.resolve(null) });
  expect(await nowOf(log, clock, () => undefined)()).toBe(clock.wall());
});
