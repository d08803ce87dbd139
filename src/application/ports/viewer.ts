import type { LoginId, UserId } from '../../domain/kernel/ids.ts';
import type { Permission } from '../../domain/policy/events.ts';

/** Who asks: a live login and what its roles permit, read anew for each request. */
export interface Viewer {
  readonly loginId: LoginId;
  readonly userId: UserId;
  readonly userName: string;
  readonly permissions: readonly Permission[];
  readonly roles: readonly string[];
  readonly expiresAt: string;
}

/** A reasoned no, shown to the person. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export interface Refused<E extends Refusal = Refusal> {
  readonly ok: false;
  readonly errors: readonly E[];
}
