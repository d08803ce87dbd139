import { costOn, evaluate, mostSteps } from '../../domain/policy/cel.ts';
import type { Claims } from '../../domain/policy/claims.ts';
import type { SimulatedCondition } from '../ports/administration.ts';
import { localTime } from './claims.ts';

type Given = Readonly<Record<string, unknown>>;

const nobody: Claims['user'] = {
  username: '',
  groups: [],
  attributes: {},
  provider: 'local',
  authenticatedAt: '',
  factors: [],
  reason: '',
};

const part = (value: unknown): Given => (typeof value === 'object' && value !== null ? (value as Given) : {});

/**
 * What an expression says of claims that somebody made up, as it would of real ones: the same dialect and limits, and a
 * pure function of what is given. Claims that are left out are empty; `time` sets `claims.system.local` whatever
 * the claims say of it, and without one `now` does where they say nothing.
 */
export function simulateCondition(
  { expression, claims, time }: { readonly expression: string; readonly claims: unknown; readonly time: string | null },
  now: string,
  zone: string,
): SimulatedCondition {
  const { user, device, system } = part(claims);
  const seen = { sourceAddress: '', protocol: 'ssh', local: localTime(now, zone) };
  const asked = time === null ? {} : { local: localTime(time, zone) };
  const whole = {
    user: { ...nobody, ...part(user) },
    device: part(device),
    system: { ...seen, ...part(system), ...asked },
  };
  const answer = evaluate(expression, whole as Claims);
  const failed = 'error' in answer;
  return {
    result: !failed && answer.value,
    output: failed ? null : answer.value,
    error: failed ? answer.error : null,
    cost: costOn(expression, whole as Claims),
    mostCost: mostSteps,
  };
}
