import type { DenialReason } from '../../domain/policy/evaluate.ts';
import type { SessionRefusalReason } from '../../domain/session/events.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import type { DecidedDenial } from './decide-access.ts';
import type { AccessWish } from './decide-access.ts';

/** How a denial is written in the log: a target that is absent and one that is not allowed differ in the detail only. */
export function refusalReason(denial: DecidedDenial): SessionRefusalReason {
  switch (denial.reason) {
    case 'no-target-named':
      return 'no-target-named';
    case 'account-ambiguous':
      return 'account-ambiguous';
    case 'condition-false':
      return 'condition-false';
    case 'approval-needed':
      return 'approval-needed';
    default:
      return 'not-allowed';
  }
}

/** What the person is told. Absent and not allowed read the same; only a condition or a choice of accounts says more. */
export function refusalMessage(denial: DecidedDenial, wish: AccessWish, userName: string): string {
  const target = visibleText(wish.destination.target ?? '');
  switch (refusalReason(denial)) {
    case 'no-target-named':
      return `no target named: log in as ${userName}~TARGET or ${userName}~ACCOUNT~TARGET`;
    case 'account-ambiguous': {
      const choices = denial.candidates.map((account) => `${userName}~${account}~${target}`);
      return `more than one account is open to you on ${target}; log in as one of ${choices.join(', ')}`;
    }
    case 'condition-false':
      return `access to ${target} is not allowed now: a condition is not met; ask an administrator which`;
    case 'approval-needed':
      return `access to ${target} needs an approval, and this version has no access requests yet; ask an administrator`;
    default:
      return `access to ${target} was refused: it does not exist or you may not reach it; \`sallyport ls\` shows what you may`;
  }
}

export function tooManySessions(most: number): string {
  return `you have ${String(most)} sessions open, and that is the most; close one (\`sallyport sessions list --live\`) and connect again`;
}

/** Denials that a person may know of: an entitlement is theirs, only something is in the way. */
export const shownDenials: Partial<Record<DenialReason, string>> = {
  'condition-false': 'a condition is not met now',
  'approval-needed': 'needs an approval; this version has no access requests yet',
};
