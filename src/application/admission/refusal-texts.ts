import type { Protocol } from '../../domain/kernel/door.ts';
import type { Denial } from '../../domain/policy/evaluate.ts';
import type { SessionRefusalReason } from '../../domain/session/refusal-reason.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import type { DecidedDenial } from './decide-access.ts';
import type { AccessWish } from './decide-access.ts';
import type { Obstacle } from './obstacle.ts';

/** How a denial is written in the log: a target that is absent and one that is not allowed differ in the detail only. */
export function refusalReason(denial: DecidedDenial): SessionRefusalReason {
  switch (denial.reason) {
    case 'no-target-named':
      return 'no-target-named';
    case 'account-ambiguous':
      return 'account-ambiguous';
    case 'condition-false':
      return 'condition-false';
    case 'reason-needed':
      return 'reason-needed';
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
      return denial.texts.length > 0
        ? `access to ${target} is not allowed now: ${said(denial)}`
        : `access to ${target} is not allowed now: a condition is not met; ask an administrator which`;
    case 'reason-needed':
      return wish.reason === ''
        ? `access to ${target} needs a reason (${said(denial)}): log in as ${userName} without a target, and the menu asks for it`
        : `access to ${target} needs another reason than the one that was given: ${said(denial)}`;
    case 'approval-needed':
      return `access to ${target} needs an approval, and this version has no access requests yet; ask an administrator`;
    default:
      return `access to ${target} was refused: it does not exist or you may not reach it; \`sallyport ls\` shows what you may`;
  }
}

export function tooManySessions(most: number): string {
  return `you have ${String(most)} sessions open, and that is the most; close one (\`sallyport sessions list --live\`) and connect again`;
}

/** What a list says of a denial that a person may know of: an entitlement is theirs, only something is in the way. */
export function shownDenial(denial: Denial, protocol: Protocol): Obstacle | undefined {
  switch (denial.reason) {
    case 'reason-needed':
      return { reason: `needs a reason: ${said(denial)}`, advice: howToGive[protocol] ?? askWhoOpens };
    case 'condition-false':
      return denial.texts.length > 0
        ? { reason: said(denial), advice: 'When that is not in your hands, ask an administrator.' }
        : { reason: 'a condition is not met now', advice: 'Ask an administrator which condition it is.' };
    case 'approval-needed':
      return { reason: 'needs an approval; this version has no access requests yet', advice: askWhoOpens };
    case 'right-missing':
      return {
        reason: `your entitlement lacks ${denial.texts.map((right) => rightNames[right] ?? right).join(', ')}`,
        advice: 'Ask an administrator for an entitlement that gives it.',
      };
    default:
      return undefined;
  }
}

const askWhoOpens = 'Ask an administrator how to get in.';
/** Where a reason can be given; databases have no way to ask for one. */
const howToGive: Readonly<Partial<Record<Protocol, string>>> = {
  ssh: 'Give one when you connect: the terminal in the browser asks for it, and so does the menu of a login without a target.',
};
const rightNames: Readonly<Record<string, string>> = {
  useCredential: 'the right to use the credential (useCredential)',
  accessTarget: 'the right to reach the target (accessTarget)',
  startSession: 'the right to start a session (startSession)',
};

/** Which reason a person has to give; null: none would help. */
export function asksOf(denial: Pick<Denial, 'texts'> & { readonly reason: string }): string | null {
  return denial.reason === 'reason-needed' ? said(denial) : null;
}

/** Each text once. */
function said({ texts }: Pick<Denial, 'texts'>): string {
  return visibleText([...new Set(texts)].join('; '));
}
