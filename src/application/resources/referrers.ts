import type { SshKeySpec } from '../../domain/credential/events.ts';
import type { EntitlementSpec, PolicySpec } from '../../domain/policy/events.ts';
import type { AccountSpec } from '../../domain/target/events.ts';
import type { GroupSpec } from '../../domain/user/events.ts';
import type { ResourceDeps } from './deps.ts';
import type { Kind } from './kinds.ts';
import type { StandingUser } from './kinds/user.ts';
import type { Standing } from './rules.ts';
import { everyStanding } from './state.ts';

type Refers = (spec: unknown, to: Standing) => boolean;

/** Who may refer to a kind, and whether it does. */
const directions: Readonly<Record<Kind, Readonly<Partial<Record<Kind, Refers>>>>> = {
  Role: { User: (spec, { name }) => (spec as StandingUser).roles.includes(name) },
  User: { Group: (spec, { id }) => (spec as GroupSpec).members.some((member) => member === id) },
  Group: { User: (spec, { name }) => (spec as StandingUser).groups.includes(name) },
  IdentityProvider: {},
  Target: {
    Account: (spec, { id }) => (spec as AccountSpec).targetId === id,
    SshKey: (spec, { id }) => {
      const { mainTargetId, targetIds } = spec as SshKeySpec;
      return mainTargetId === id || targetIds.some((target) => target === id);
    },
    Entitlement: (spec, { name }) => (spec as EntitlementSpec).access.targets.includes(name),
  },
  Credential: {
    Account: (spec, { id }) => {
      const { credential } = spec as AccountSpec;
      return credential.kind === 'password' && credential.credentialId === id;
    },
  },
  SshKey: {
    Account: (spec, { id }) => {
      const { credential } = spec as AccountSpec;
      return credential.kind === 'ssh-key' && credential.sshKeyId === id;
    },
  },
  Account: {},
  Condition: { Entitlement: (spec, { id }) => (spec as EntitlementSpec).conditionIds.some((each) => each === id) },
  Entitlement: { Policy: (spec, { id }) => (spec as PolicySpec).entitlementIds.some((each) => each === id) },
  Policy: {},
  FactorProvider: {},
};

/** What names `standing`, as people read it: `Account "root-web1"`. */
export function referrers(deps: ResourceDeps, standing: Standing): readonly string[] {
  return Object.entries(directions[standing.kind]).flatMap(([kind, refers]) =>
    everyStanding(deps, kind as Kind)
      .filter((other) => refers(other.spec, standing))
      .map((other) => `${kind} ${JSON.stringify(other.name)}`)
      .toArray(),
  );
}
