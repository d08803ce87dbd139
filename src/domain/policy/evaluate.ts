import type { Protocol } from '../kernel/door.ts';
import type { AccountId, ConditionId, EntitlementId, PolicyId, TargetId } from '../kernel/ids.ts';
import { recordingDuties } from '../kernel/recording-duty.ts';
import type { RecordingDuty } from '../kernel/recording-duty.ts';
import type { Evaluation } from './cel.ts';
import { evaluate } from './cel.ts';
import type { Channels } from './channels.ts';
import type { Claims } from './claims.ts';
import { sessionRights } from './events.ts';
import type { ConditionSpec, EntitlementSpec, PolicySpec, Remedy } from './events.ts';
import type { AccessTarget } from './matching.ts';
import { coversAccount, coversTarget, gives } from './matching.ts';

/** Something declared, at the version of its stream that was read. */
export interface Standing<Id extends string, Spec> {
  readonly id: Id;
  readonly version: number;
  readonly spec: Spec;
}

/** Everything declared about access that stands; withdrawn things are not in it. */
export interface PolicySet {
  readonly policies: readonly Standing<PolicyId, PolicySpec>[];
  readonly entitlements: readonly Standing<EntitlementId, EntitlementSpec>[];
  readonly conditions: readonly Standing<ConditionId, ConditionSpec>[];
}

/** `username` is the login on the target. */
export interface AccessAccount {
  readonly id: AccountId;
  readonly username: string;
}

/** A target with the accounts on it. */
export interface AccessPlace {
  readonly target: { readonly id: TargetId; readonly spec: AccessTarget };
  readonly accounts: readonly AccessAccount[];
}

export interface AccessQuestion extends AccessPlace {
  readonly claims: Claims;
  readonly rules: PolicySet;
  /** The door the person came through. */
  readonly protocol: Protocol;
  /** Null: the person named none, and gets the only one they may use. */
  readonly accountUsername: string | null;
}

/** What an entitlement opens, and on which terms. */
export interface Grant {
  readonly account: AccessAccount;
  readonly entitlement: { readonly id: EntitlementId; readonly version: number; readonly name: string };
  readonly recording: RecordingDuty;
  readonly channels: Channels;
  readonly maxSessionMilliseconds: number | null;
  readonly idleMilliseconds: number | null;
}

/**
 * Why not. `disabled`: the target is. `wrong-protocol`: the target speaks another one. `no-account`: none of that name.
 * `not-entitled`: no policy gives an entitlement to it. The rest speak of the entitlement that came closest;
 * `reason-needed`: all that stands against it are conditions that a reason of the person may meet.
 */
export type DenialReason =
  | 'disabled'
  | 'wrong-protocol'
  | 'no-account'
  | 'not-entitled'
  | 'right-missing'
  | 'condition-false'
  | 'reason-needed'
  | 'approval-needed'
  | 'account-ambiguous';

/**
 * `detail` is for the audit; `conditions` are those that did not hold, `candidates` the accounts to choose from. `texts`
 * are for the person: what their conditions say when they do not hold, which reason they ask for, or which rights are missing.
 */
export interface Denial {
  readonly reason: DenialReason;
  readonly detail: string;
  readonly conditions: readonly ConditionId[];
  readonly candidates: readonly AccessAccount[];
  readonly texts: readonly string[];
}

export type AccessDecision =
  | { readonly allowed: true; readonly grant: Grant }
  | { readonly allowed: false; readonly denial: Denial };

/** Answers each expression once, for one set of claims. */
type Answers = (expression: string) => Evaluation;

/**
 * May they? A pure function of the question. Among several entitlements that allow it, the one with the strictest
 * recording counts, then the smallest name, then the smallest id: a laxer entitlement never undoes a duty to record.
 */
export function evaluateAccess(question: AccessQuestion): AccessDecision {
  const { target, accountUsername } = question;
  const barred = barredTarget(question.protocol, target);
  if (barred !== null) return { allowed: false, denial: barred };
  const accounts = question.accounts.filter(({ username }) => accountUsername === null || username === accountUsername);
  if (accounts.length === 0) return deny('no-account', `target ${target.id} has no such account`);
  const { entitlements } = question.rules;
  const there = { ...question.rules, entitlements: entitlements.filter(({ spec }) => coversTarget(spec, target.spec)) };
  const given = assigned(there, answersFor(question.claims));
  const decisions = accounts.map((account) => decideAccount(account, given));
  const grants = decisions.flatMap((decision) => (decision.allowed ? [decision.grant] : []));
  const askable = accounts.filter((_, index) => denialOf(decisions[index])?.reason === 'reason-needed');
  const candidates = grants.length > 0 ? grants.map(({ account }) => account) : askable;
  if (candidates.length > 1) {
    return deny('account-ambiguous', `${candidates.length} accounts are open to them; one must be named`, {
      candidates,
    });
  }
  const [grant] = grants;
  return grant === undefined ? closest(decisions) : { allowed: true, grant };
}

export interface ReachQuestion<Place extends AccessPlace> {
  readonly claims: Claims;
  readonly rules: PolicySet;
  readonly protocol: Protocol;
  readonly places: readonly Place[];
}

export interface Reached<Place extends AccessPlace> {
  readonly place: Place;
  readonly account: Place['accounts'][number];
  readonly decision: AccessDecision;
}

/** What `evaluateAccess` says of every account of every place when it is named, for lists: each expression is asked once. */
export function evaluateReach<Place extends AccessPlace>(question: ReachQuestion<Place>): readonly Reached<Place>[] {
  const given = assigned(question.rules, answersFor(question.claims));
  return question.places.flatMap((place) => {
    const barred = barredTarget(question.protocol, place.target);
    const there = barred === null ? onTarget(given, place.target.spec) : [];
    return place.accounts.map((account) => ({
      place,
      account,
      decision: barred === null ? decideAccount(account, there) : { allowed: false, denial: barred },
    }));
  });
}

/** What stands against the target itself, whoever asks. */
function barredTarget(protocol: Protocol, { id, spec }: AccessPlace['target']): Denial | null {
  if (spec.disabled) return denial('disabled', `target ${id} is disabled`);
  if (spec.protocol === protocol) return null;
  return denial('wrong-protocol', `target ${id} speaks ${spec.protocol}, not ${protocol}`);
}

/** Ids and versions of all that a decision depends on, sorted by id: what the policy version is a digest of. */
export function policyVersionInputs(rules: PolicySet): readonly { readonly id: string; readonly version: number }[] {
  return [...rules.policies, ...rules.entitlements, ...rules.conditions]
    .map(({ id, version }) => ({ id, version }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function answersFor(claims: Claims): Answers {
  const known = new Map<string, Evaluation>();
  return (expression) => {
    const answer = known.get(expression) ?? evaluate(expression, claims);
    known.set(expression, answer);
    return answer;
  };
}

/** An error is no answer, and no answer is a no. */
function holds(answer: Evaluation): boolean {
  return 'value' in answer && answer.value;
}

/** An entitlement that a policy gives them, and what still stands against it. */
interface Given {
  readonly entitlement: Standing<EntitlementId, EntitlementSpec>;
  readonly denial: Denial | null;
}

function assigned(rules: PolicySet, answers: Answers): readonly Given[] {
  return rules.entitlements
    .filter(({ id, spec }) =>
      rules.policies.some((policy) => gives(policy.spec, id, spec) && holds(answers(policy.spec.assign))),
    )
    .map((entitlement) => ({ entitlement, denial: against(entitlement, rules, answers) }));
}

function onTarget(given: readonly Given[], target: AccessTarget): readonly Given[] {
  return given.filter(({ entitlement }) => coversTarget(entitlement.spec, target));
}

/** What stands against an entitlement; null: nothing. */
function against(
  { id, spec }: Standing<EntitlementId, EntitlementSpec>,
  rules: PolicySet,
  answers: Answers,
): Denial | null {
  const missing = sessionRights.filter((right) => !spec.access.rights.includes(right));
  if (missing.length > 0) {
    return denial('right-missing', `${id} lacks ${missing.join(', ')}`, { texts: missing });
  }
  const failing = spec.conditionIds.flatMap((conditionId) => failureOf(conditionId, rules, answers) ?? []);
  if (failing.length > 0) {
    const detail = `${id}: ${failing.map((failure) => `${failure.id} ${failure.why}`).join('; ')}`;
    const conditions = failing.map((failure) => failure.id);
    // A reason alone must be able to help, or it is asked for in vain.
    const kind = failing.every(({ remedy }) => remedy?.kind === 'reason') ? 'reason' : 'message';
    const texts = failing.flatMap(({ remedy }) => (remedy?.kind === kind ? [remedy.text] : []));
    return denial(kind === 'reason' ? 'reason-needed' : 'condition-false', detail, { conditions, texts });
  }
  if (spec.approval !== null) return denial('approval-needed', `${id} needs approval, which nobody can give yet`);
  return null;
}

function failureOf(
  id: ConditionId,
  rules: PolicySet,
  answers: Answers,
): { readonly id: ConditionId; readonly why: string; readonly remedy: Remedy | null } | null {
  const condition = rules.conditions.find((known) => known.id === id);
  if (condition === undefined) return { id, why: 'does not exist', remedy: null };
  const { remedy } = condition.spec;
  const answer = answers(condition.spec.expression);
  if (holds(answer)) return null;
  return { id, why: 'error' in answer ? `can't be answered: ${answer.error}` : 'does not hold', remedy };
}

function decideAccount(account: AccessAccount, given: readonly Given[]): AccessDecision {
  const covering = given.filter(({ entitlement }) => coversAccount(entitlement.spec, account.username));
  const open = covering.filter((each) => each.denial === null).map(({ entitlement }) => entitlement);
  const [best] = open.sort(byStrictness);
  if (best !== undefined) return { allowed: true, grant: grantOf(account, best) };
  return closest(covering.flatMap((each) => (each.denial === null ? [] : [{ allowed: false, denial: each.denial }])));
}

/** The strictest first. `strict` also syncs each record, so that it comes before `required`. */
export const strictness: readonly RecordingDuty[] = ['strict', ...recordingDuties.filter((duty) => duty !== 'strict')];

function byStrictness(
  a: Standing<EntitlementId, EntitlementSpec>,
  b: Standing<EntitlementId, EntitlementSpec>,
): number {
  const duty = strictness.indexOf(a.spec.recording) - strictness.indexOf(b.spec.recording);
  if (duty !== 0) return duty;
  if (a.spec.name !== b.spec.name) return a.spec.name < b.spec.name ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

function grantOf(account: AccessAccount, { id, version, spec }: Standing<EntitlementId, EntitlementSpec>): Grant {
  const { name, recording, maxSessionMilliseconds, idleMilliseconds } = spec;
  const { channels } = spec.access;
  return { account, entitlement: { id, version, name }, recording, channels, maxSessionMilliseconds, idleMilliseconds };
}

const nearness: readonly DenialReason[] = [
  ...(['reason-needed', 'approval-needed', 'condition-false', 'right-missing', 'not-entitled'] as const),
];

function denialOf(decision: AccessDecision | undefined): Denial | null {
  return decision === undefined || decision.allowed ? null : decision.denial;
}

/** The denial that came closest to a yes; none at all means that no policy gives it. */
function closest(decisions: readonly AccessDecision[]): AccessDecision {
  const denials = decisions.flatMap((decision) => denialOf(decision) ?? []);
  const [nearest] = denials.sort((a, b) => nearness.indexOf(a.reason) - nearness.indexOf(b.reason));
  return nearest === undefined
    ? deny('not-entitled', 'no policy gives them an entitlement to it')
    : { allowed: false, denial: nearest };
}

function denial(
  reason: DenialReason,
  detail: string,
  named: Partial<Pick<Denial, 'conditions' | 'candidates' | 'texts'>> = {},
): Denial {
  return { reason, detail, conditions: [], candidates: [], texts: [], ...named };
}

function deny(...parts: Parameters<typeof denial>): AccessDecision {
  return { allowed: false, denial: denial(...parts) };
}
