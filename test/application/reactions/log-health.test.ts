import { afterEach, expect, it, vi } from 'vitest';
import { Terminations } from '../../../src/application/admission/terminations.ts';
import { LogHealth } from '../../../src/application/reactions/log-health.ts';
import { openHouse, ask, down, instead } from '../kit/house.ts';
import { until } from '../../kit/until.ts';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const fine = (): Promise<void> => Promise.resolve();

afterEach(() => vi.useRealTimers());

it.each([
  { how: 'fails', probe: () => Promise.reject(down()) },
  { how: 'hangs', probe: () => new Promise<void>(() => undefined) },
])('ends every session within 10 s when the log $how, not at the first failure', async ({ probe }) => {
  const house = await openHouse();
  const asked = ask(house, await house.token());
  await asked.admission;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const log = instead(house.node.tools.log, { probe });
  const health = new LogHealth(log, fine, house.node.admission.terminations, quiet);
  health.watch();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(asked.told).toEqual([]);
  await vi.advanceTimersByTimeAsync(8_000);
  expect(asked.told).toMatchObject([{ reason: 'log-unavailable' }]);
  health.stop();
  vi.useRealTimers();
  await until(async () => (await house.events('SessionEnded')).length === 1, { what: 'the end in the log' });
});

it('says why nothing can be opened, and heals', async () => {
  const house = await openHouse();
  let broken = true;
  const probe = (): Promise<void> => (broken ? Promise.reject(down()) : Promise.resolve());
  const log = instead(house.node.tools.log, { probe });
  const storage = (): Promise<void> => (broken ? Promise.reject(down()) : Promise.resolve());
  const health = new LogHealth(log, storage, new Terminations(), quiet);
  expect(await health.reasons()).toHaveLength(2);
  broken = false;
  expect(await health.reasons()).toEqual([]);
});
