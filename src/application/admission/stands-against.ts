import type { AccessDecision } from '../../domain/policy/evaluate.ts';
import type { AccountSpec, TargetSpec } from '../../domain/target/events.ts';
import type { ReadModels } from '../ports/read-models.ts';
import type { Obstacle } from './obstacle.ts';
import { shownDenial } from './refusal-texts.ts';
import { credentialOf, type MissingCredential } from './session-credential.ts';

/**
 * What a list says stands against an account: null for nothing, undefined when the person may not know of it at all. A target that nothing is trusted of opens
 * nothing; admission lets it be tried all the same, since the refusal of that connection is how an administrator learns
 * which key the target shows.
 */
export function standsAgainst(
  decision: AccessDecision,
  { protocol, trust }: Pick<TargetSpec, 'protocol' | 'trust'>,
  account: Pick<AccountSpec, 'credential' | 'targetId'>,
  catalogue: ReadModels['targetCatalogue'],
): Obstacle | null | undefined {
  const denied = decision.allowed ? null : shownDenial(decision.denial, protocol);
  if (denied === undefined) return undefined;
  const { missing } = credentialOf(catalogue, account);
  const obstacles = [
    ...(denied === null ? [] : [denied]),
    ...(trust === null ? [unconfirmed(protocol === 'ssh' ? 'host key' : 'certificate')] : []),
    ...(missing === null ? [] : [withoutCredential[missing]]),
  ];
  if (obstacles.length === 0) return null;
  const said = (of: keyof Obstacle, between: string): string => obstacles.map((each) => each[of]).join(between);
  return { reason: said('reason', '; '), advice: said('advice', ' ') };
}

function unconfirmed(what: string): Obstacle {
  return {
    reason: `an administrator must confirm its ${what} first`,
    advice: `Ask an administrator to fetch its ${what}, to compare and to confirm it.`,
  };
}

const withoutCredential: Readonly<Record<MissingCredential, Obstacle>> = {
  gone: {
    reason: 'its credential is gone',
    advice: 'Ask an administrator to give the account a credential.',
  },
  'key-inactive': {
    reason: 'its SSH key is inactive',
    advice: 'Ask an administrator whether the SSH key may be active again.',
  },
  'key-of-other-targets': {
    reason: 'its SSH key is registered for other targets',
    advice: 'Ask an administrator to add this target to the devices of the SSH key.',
  },
};
