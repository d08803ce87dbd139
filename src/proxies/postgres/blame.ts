import { ProtocolError, SallyportError } from '../../domain/kernel/errors.ts';
import { NoMemory } from './message-memory.ts';

/** Why a relay can't go on: whose bytes could not be read, or that there is no memory; ours is also what can't be recorded or logged. */
export type Blame = 'client' | 'target' | 'memory' | 'us';

/** Of an error while the client was heard. */
export function blameOf(error: unknown): Blame {
  if (error instanceof NoMemory) return 'memory';
  // Bytes that can't be read, or a message that has no place in an open session.
  const isTheirs = error instanceof ProtocolError || (error instanceof SallyportError && error.code === 'out-of-place');
  return isTheirs ? 'client' : 'us';
}
