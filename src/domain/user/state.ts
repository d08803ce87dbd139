import type { IdentityId } from '../kernel/ids.ts';
import type { Personal } from '../kernel/personal.ts';

/** What is known of a person who stands. `email` only tells a repeated wish from a new one: no right hangs on it. */
export interface UserFacts {
  readonly nameKey: string;
  readonly email: Personal | null;
  readonly bornOf: IdentityId | null;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly password: { readonly secretId: string; readonly mustChange: boolean } | null;
  /** The newest link that still sets a password, until its time is over. */
  readonly reset: { readonly resetId: string; readonly expiresAt: string } | null;
}

export type UserState =
  | { readonly status: 'absent' }
  | ({ readonly status: 'active' } & UserFacts)
  | ({ readonly status: 'disabled' } & UserFacts)
  | { readonly status: 'removed' }
  | { readonly status: 'shredded' };
