import { setTimeout as delay } from 'node:timers/promises';
import type { SessionId } from '../../domain/kernel/ids.ts';
import type { Replays } from '../ports/replays.ts';
import type { Reaction } from './run-reactions.ts';

/** The recording is closed a moment after the end of its session is logged. */
const closingMilliseconds = 2_000;

/** The screens of a long recording are computed when its session has ended, so that a player need not wait for them. */
export function prepareScreens(replays: Pick<Replays, 'prepare'>): Reaction {
  return {
    name: 'prepare-screens',
    types: ['SessionEnded'],
    react: (event) => {
      // Nothing waits for it, and what fails is computed at the first opening.
      void delay(closingMilliseconds, undefined, { ref: false })
        .then(() => replays.prepare(event.stream as SessionId))
        .catch(() => undefined);
      return Promise.resolve();
    },
  };
}
