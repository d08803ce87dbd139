import type { Clock } from '../../application/ports/system.ts';

/** The wall clock of this machine. */
export const systemClock: Clock = { wall: () => new Date().toISOString() };
