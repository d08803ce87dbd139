import { GuessFollower } from '../application/brute-force/follow-log.ts';
import { GuessBrake, type GuessLimits } from '../application/brute-force/guess-brake.ts';
import type { CommandTools } from '../application/commands/run-command.ts';
import type { ReadModels } from '../application/ports/read-models.ts';
import type { ProcessLog } from '../application/ports/system.ts';
import type { NodeId } from '../domain/kernel/ids.ts';
import { type Config, durationSetting, integerSetting, networksSetting } from './config.ts';

/**
 * The brake on guessing that all doors share, counting what the log says of the time before. `following` ends with the
 * signal.
 */
export async function openGuessBrake(
  parts: {
    readonly tools: CommandTools;
    readonly views: ReadModels;
    readonly processLog: ProcessLog;
    readonly nodeId: NodeId;
    readonly config: Config;
  },
  signal: AbortSignal,
): Promise<{ readonly brake: GuessBrake; readonly following: Promise<void> }> {
  const { views, config } = parts;
  const limits: GuessLimits = {
    failuresPerNetwork: integerSetting(config, 'limits.failuresPerNetwork'),
    failuresPerUser: integerSetting(config, 'limits.failuresPerUser'),
    windowMilliseconds: durationSetting(config, 'limits.failureWindow'),
    refusalMilliseconds: durationSetting(config, 'limits.networkRefusal'),
    isShared: networksSetting(config, 'limits.sharedNetworks'),
  };
  const follower = new GuessFollower({ ...parts, limits });
  const brake = new GuessBrake({
    limits,
    nameKeyOf: (userId) => views.directory.get(userId)?.nameKey ?? null,
    counted: () => follower.counted(),
    ticks: () => performance.now(),
  });
  await follower.rebuild(brake);
  return { brake, following: follower.follow(brake, signal) };
}
