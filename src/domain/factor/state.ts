import type { AuthenticationId, UserId } from '../kernel/ids.ts';
import type { Factor } from './events.ts';

export type FactorState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'enrolled';
      readonly userId: UserId;
      readonly enrolled: Factor;
      /** Newest step, newest counter. */
      readonly last: number;
      /** Places of the recovery codes that are gone. */
      readonly spent: readonly number[];
      readonly usedBy: AuthenticationId | null;
    }
  | { readonly status: 'removed'; readonly userId: UserId };
