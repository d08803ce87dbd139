import type { PassFacts, PassState } from '../kernel/pass.ts';

/** What a registered key is decided by; nothing personal among it. */
export interface KeyFacts extends PassFacts {
  readonly nameKey: string;
}
export type KeyState = PassState<KeyFacts>;
