import type { AccessDecision } from '../../domain/policy/evaluate.ts';
import type { TargetSpec } from '../../domain/target/events.ts';
import { shownDenial } from './refusal-texts.ts';

/**
 * What a list says stands against a target: null for nothing, undefined when the person may not know of it at all. A
 * target that nothing is trusted of opens nothing; admission lets it be tried all the same, since the refusal of that
 * connection is how an administrator learns which key the target shows.
 */
export function standsAgainst(
  decision: AccessDecision,
  { protocol, trust }: Pick<TargetSpec, 'protocol' | 'trust'>,
): string | null | undefined {
  const denied = decision.allowed ? null : shownDenial(decision.denial);
  if (denied === undefined || trust !== null) return denied;
  const unconfirmed = `an administrator must confirm its ${protocol === 'ssh' ? 'host key' : 'certificate'} first`;
  return denied === null ? unconfirmed : `${denied}; ${unconfirmed}`;
}
