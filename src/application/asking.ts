import type { ResolveTarget } from './ports/system.ts';

/** What a provider of any kind is asked with. */
export interface Asking {
  readonly resolve: ResolveTarget;
  readonly now: () => Date;
  /** The end of all that is asked; each step has its own time, too. */
  readonly signal: AbortSignal;
}

const stepMilliseconds = 5_000;

/** The time of one step, which is never longer than all have. */
export function stepOf(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(stepMilliseconds)]);
}
