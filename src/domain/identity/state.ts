import type { UserId } from '../kernel/ids.ts';
import type { IdentityObserved } from './events.ts';

/** `seen` is null until the provider was asked once. Its personal fields only tell a repeated report from a new one. */
export type IdentityState =
  | { readonly status: 'absent' }
  | {
      readonly status: 'linked';
      readonly userId: UserId;
      readonly provider: string;
      readonly seen: IdentityObserved['data'] | null;
    }
  | { readonly status: 'unlinked'; readonly userId: UserId };
