import { onTestFinished } from 'vitest';
import { GuessFollower } from '../../../src/application/brute-force/follow-log.ts';
import { GuessBrake, type GuessLimits } from '../../../src/application/brute-force/guess-brake.ts';
import type { NodeRig } from '../admission/node-rig.ts';

/** Limits that nobody in a test reaches by accident. */
export const farLimits: GuessLimits = {
  failuresPerNetwork: 1_000_000,
  failuresPerUser: 1_000_000,
  windowMilliseconds: 15 * 60_000,
  refusalMilliseconds: 60_000,
  isShared: () => false,
};

/** A brake that stands by itself: nothing is counted unless `fold` is called. */
export function loneBrake(
  limits: Partial<GuessLimits> = {},
  ticks: () => number = () => performance.now(),
): GuessBrake {
  return new GuessBrake({
    limits: { ...farLimits, ...limits },
    nameKeyOf: (userId) => `name of ${userId}`,
    counted: () => Promise.resolve(),
    ticks,
  });
}

/** The brake of one node, folded from its log as in the product, until the test ends. */
export async function brakeOf(
  { tools, views, admission: { processLog, node } }: NodeRig,
  limits: Partial<GuessLimits> = {},
): Promise<{ readonly brake: GuessBrake; readonly counted: () => Promise<void> }> {
  const all = { ...farLimits, ...limits };
  const follower = new GuessFollower({ tools, views, processLog, nodeId: node.nodeId, limits: all });
  const brake = new GuessBrake({
    limits: all,
    nameKeyOf: (userId) => views.directory.get(userId)?.nameKey ?? null,
    counted: () => follower.counted(),
    ticks: () => performance.now(),
  });
  await follower.rebuild(brake);
  const stop = new AbortController();
  const following = follower.follow(brake, stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await following;
  });
  return { brake, counted: () => follower.counted() };
}
