import type { TargetId } from '../../domain/kernel/ids.ts';
import { isNarrower, type Terms } from '../../domain/policy/narrower.ts';
import type { DecidedAccess } from './decide-access.ts';
import { endMessage } from './end-messages.ts';

/** What a session was admitted to: its terms, and where its target is. */
export interface Admitted {
  readonly terms: Terms;
  readonly target: { readonly id: TargetId; readonly host: string; readonly port: number };
}

export interface LostGround {
  readonly reason: 'entitlement-lost' | 'target-withdrawn' | 'user-disabled' | 'identity-left';
  /** For the person. */
  readonly message: string;
}

/** Null when a session may go on as it was admitted, by what is decided now. */
export function lostGround(admitted: Admitted, decided: DecidedAccess): LostGround | null {
  if (decided.grant === null) {
    const reason = lossOf(decided.denial.reason);
    return { reason, message: endMessage(reason) };
  }
  if (decided.credential === null) {
    return {
      reason: 'target-withdrawn',
      message: 'the login kept for the target may no longer be used; ask an administrator',
    };
  }
  const { id, spec } = decided.place?.target ?? {};
  if (id !== admitted.target.id || spec?.host !== admitted.target.host || spec.port !== admitted.target.port) {
    return { reason: 'target-withdrawn', message: 'the address of the target was changed; connect again' };
  }
  if (!isNarrower(admitted.terms, decided.grant)) return null;
  return { reason: 'entitlement-lost', message: 'what you may do in this session was changed; connect again' };
}

function lossOf(denied: NonNullable<DecidedAccess['denial']>['reason']): LostGround['reason'] {
  if (denied === 'user-disabled' || denied === 'identity-left') return denied;
  return denied === 'unknown-target' || denied === 'disabled' ? 'target-withdrawn' : 'entitlement-lost';
}
