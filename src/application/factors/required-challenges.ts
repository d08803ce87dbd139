import type { Challenge, Mechanism, MechanismName } from '../../domain/authentication/events.ts';
import type { Door } from '../../domain/kernel/door.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { UserId } from '../../domain/kernel/ids.ts';
import type { FactorProviderSpec, FactorType } from '../../domain/policy/events.ts';
import { askedTypes, type FactorMoment } from '../../domain/policy/factor-provider/asked-types.ts';
import type { FactorClaims } from '../../domain/policy/factor-provider/claims.ts';
import { localTime } from '../admission/claims.ts';
import type { CommandTools } from '../commands/run-command.ts';
import type { FactorRow, ReadModels } from '../ports/read-models.ts';
import { everyRow, upToHead } from '../reading.ts';

export interface FactorPolicyTools {
  readonly tools: CommandTools;
  readonly views: Pick<ReadModels, 'factors' | 'targetCatalogue'>;
  /** Time zone of `claims.system.local`. */
  readonly zone: string;
}

/** Of whom, and when, a second factor may be asked. */
export interface FactorQuestion {
  readonly moment: FactorMoment;
  readonly userId: UserId;
  readonly username: string;
  readonly groups: readonly string[];
  /** `local`, or the name of the IdentityProvider resource. */
  readonly provider: string;
  /** Short names of the mechanisms passed so far, as `UP`; for a token those of the login. */
  readonly factors: readonly string[];
  readonly source: string;
  readonly door: Door;
}

const mechanismOf = { totp: 'OATH', webauthn: 'WebAuthn', recovery: 'RC' } as const satisfies Readonly<
  Record<FactorRow['kind'], MechanismName>
>;

/**
 * What the policy asks of somebody on top of what they showed: nothing, or one challenge that any factor of the kinds
 * asked for meets, or a recovery code. It has no mechanism, and so cannot be met, when they have none of these. Null:
 * nobody knows, since an expression failed or the views are behind; that has to be taken as a no.
 */
export async function requiredChallenges(
  deps: FactorPolicyTools,
  question: FactorQuestion,
): Promise<readonly Challenge[] | null> {
  const asked = await askedFactors(deps, question);
  if (asked === null) return null;
  return asked.types.length === 0 ? [] : [challengeOf(deps, asked)];
}

/** The mechanisms one of which is asked for; empty: none is. Null as above. */
export async function requiredMechanisms(
  deps: FactorPolicyTools,
  question: FactorQuestion,
): Promise<readonly MechanismName[] | null> {
  const asked = await askedFactors(deps, question);
  if (asked === null) return null;
  return asked.types.length === 0 ? [] : [...asked.types, 'recovery' as const].map((kind) => mechanismOf[kind]);
}

/** Whether somebody has what they would be asked for if these were the providers. Null as above. */
export async function couldMeet(
  deps: FactorPolicyTools,
  question: FactorQuestion,
  providers: readonly FactorProviderSpec[],
): Promise<boolean | null> {
  const asked = await askedFactors(deps, question, providers);
  if (asked === null) return null;
  return asked.types.length === 0 || challengeOf(deps, asked).mechanisms.length > 0;
}

interface AskedFactors {
  readonly types: readonly FactorType[];
  readonly usable: readonly FactorRow[];
}

async function askedFactors(
  deps: FactorPolicyTools,
  question: FactorQuestion,
  planned: readonly FactorProviderSpec[] | null = null,
): Promise<AskedFactors | null> {
  const { factors, targetCatalogue } = deps.views;
  try {
    await upToHead(deps.tools.log, factors, targetCatalogue);
    const usable = usableFactors(factors, question.userId);
    const claims = claimsOf(question, usable, localTime(await deps.tools.now(), deps.zone));
    const types = askedTypes(planned ?? factorProviders(targetCatalogue), question.moment, claims);
    return types === null ? null : { types, usable };
  } catch (error) {
    if (error instanceof SallyportError) return null;
    throw error;
  }
}

/** What somebody has, whatever the policy asks; without a mechanism when that is nothing. Errors: those of the view. */
export async function ownChallenge(
  deps: Pick<FactorPolicyTools, 'tools'> & { readonly views: Pick<ReadModels, 'factors'> },
  userId: UserId,
): Promise<Challenge> {
  await upToHead(deps.tools.log, deps.views.factors);
  return challengeOf(deps, { types: ['totp', 'webauthn'], usable: usableFactors(deps.views.factors, userId) });
}

function usableFactors(factors: ReadModels['factors'], userId: UserId): readonly FactorRow[] {
  return everyRow<FactorRow>(factors, 'factorId', { where: { userId, removed: 0 } }).filter(
    ({ codes, spent }) => codes === null || spent < codes,
  );
}

function factorProviders(catalogue: ReadModels['targetCatalogue']): readonly FactorProviderSpec[] {
  const where = { kind: 'factorprovider', withdrawn: 0 } as const;
  return everyRow(catalogue, 'id', { where }).map(({ spec }) => spec as unknown as FactorProviderSpec);
}

function claimsOf(
  { username, groups, provider, factors, source, door }: FactorQuestion,
  usable: readonly FactorRow[],
  local: FactorClaims['system']['local'],
): FactorClaims {
  const enrolled = [...new Set(usable.map(({ kind }) => kind))].sort();
  return {
    user: { username, groups, provider, factors, enrolled },
    system: { sourceAddress: source, door, local },
  };
}

function challengeOf({ tools }: Pick<FactorPolicyTools, 'tools'>, { types, usable }: AskedFactors): Challenge {
  const mechanisms = [...types, 'recovery' as const].flatMap((kind): readonly Mechanism[] => {
    const factorIds = usable.filter((factor) => factor.kind === kind).map(({ factorId }) => factorId);
    if (factorIds.length === 0) return [];
    return [{ id: tools.ids.uuid(), name: mechanismOf[kind], answerType: 'Text', factorIds }];
  });
  return { mechanisms };
}
