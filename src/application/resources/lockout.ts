import type { RoleSpec } from '../../domain/policy/events.ts';
import { permissionsOf } from '../../domain/policy/permissions.ts';
import type { CheckedDocument, ResourceProblem } from './check.ts';
import type { ResourceDeps } from './deps.ts';
import type { StandingUser } from './kinds/user.ts';
import type { PlannedChange } from './plan.ts';
import { everyStanding } from './state.ts';

type Rights = Pick<StandingUser, 'roles' | 'disabled'>;

/** Roles as they stand, with those of the plan in their place. */
function rolesAfter(deps: ResourceDeps, changes: readonly PlannedChange[]): readonly RoleSpec[] {
  const planned = changes.filter((change) => change.kind === 'Role').map((change) => change.spec as RoleSpec);
  const standing = [...everyStanding(deps, 'Role')].map((role) => role.spec as RoleSpec);
  return [...planned, ...standing.filter((role) => !planned.some((each) => each.name === role.name))];
}

function administers({ roles, disabled }: Rights, declared: readonly RoleSpec[]): boolean {
  return !disabled && permissionsOf(roles, declared).includes('administer');
}

/** True when somebody enabled, other than those in `except`, may administer. */
function someoneElse(deps: ResourceDeps, except: ReadonlySet<string>, declared: readonly RoleSpec[]): boolean {
  return everyStanding(deps, 'User').some(
    (user) => !except.has(user.id) && administers(user.spec as StandingUser, declared),
  );
}

/** An apply that takes the last administrator's rights away is refused: nobody could give them back. */
export function lockoutProblems(
  deps: ResourceDeps,
  documents: readonly CheckedDocument[],
  changes: readonly PlannedChange[],
): readonly ResourceProblem[] {
  const altered = changes.filter(
    (change) => change.outcome === 'changed' && (change.kind === 'User' || change.kind === 'Role'),
  );
  if (altered.length === 0) return [];
  const declared = rolesAfter(deps, changes);
  const users = changes.filter((change) => change.kind === 'User');
  if (users.some((change) => administers(change.spec as Rights, declared))) return [];
  if (someoneElse(deps, new Set(users.map((change) => change.id)), declared)) return [];
  // An installation that had no administrator is not locked by this.
  if (!someoneElse(deps, new Set(), rolesAfter(deps, []))) return [];
  const document = documents.find((each) => each.document === altered[0]?.document);
  return document === undefined ? [] : [document.problem(['spec'], lastAdministrator)];
}

export const lastAdministrator =
  'would leave no enabled user who may administer; give somebody else the role admin first';

/** True when removing this user leaves nobody who may administer. */
export function isLastAdministrator(deps: ResourceDeps, id: string, user: Rights): boolean {
  const declared = rolesAfter(deps, []);
  return administers(user, declared) && !someoneElse(deps, new Set([id]), declared);
}
