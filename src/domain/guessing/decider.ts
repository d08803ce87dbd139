import { accept, type Decider } from '../kernel/decider.ts';
import type { GuessingCommand } from './commands.ts';
import type { GuessingEvent } from './events.ts';
import type { GuessingState } from './state.ts';

/**
 * What one failed login made clear. The stream has the uuid of that failure's event, so that every process that counts,
 * and the next start that counts again, speaks of it in the same stream, and says it once.
 */
export const guessingDecider: Decider<GuessingState, GuessingCommand, GuessingEvent, never> = {
  initial: { noticed: [] },
  decide: ({ alert }, { noticed }) =>
    noticed.includes(alert.subject) ? accept() : accept({ type: 'GuessingNoticed', data: alert }),
  evolve: ({ noticed }, { data }) => ({ noticed: [...noticed, data.subject] }),
};
