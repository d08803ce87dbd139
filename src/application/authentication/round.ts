import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import type { Sealing } from '../ports/sealing.ts';

/**
 * What was begun for one mechanism of one attempt, in the hands of whoever began it. `pending` is the provider's or the
 * challenge to sign. The aggregate takes one answer to the newest round alone, so that replay is refused for good.
 */
export interface Round {
  readonly authenticationId: string;
  readonly mechanismId: string;
  readonly roundId: string;
  readonly pending: string;
}

const purpose = 'authentication round';

export function sealRound(sealing: Sealing, { authenticationId, mechanismId, roundId, pending }: Round): string {
  return sealing.seal(purpose, JSON.stringify([authenticationId, mechanismId, roundId, pending]));
}

/** Null unless it was begun here, for this very mechanism of this very attempt. */
export function openRound(
  sealing: Sealing,
  sealed: string | null,
  { authenticationId, mechanismId }: Pick<Round, 'authenticationId' | 'mechanismId'>,
): Round | null {
  const text = sealed === null ? null : sealing.open(purpose, sealed);
  if (text === null || !isStreamIdOf('authentication', authenticationId)) return null;
  const [attempt, mechanism, roundId, pending] = JSON.parse(text) as [string, string, string, string];
  if (attempt !== authenticationId || mechanism !== mechanismId) return null;
  return { authenticationId, mechanismId, roundId, pending };
}
