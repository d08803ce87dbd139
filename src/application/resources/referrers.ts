import type { StreamId } from '../../domain/kernel/ids.ts';
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

/** Something that names a resource. */
export interface Referrer {
  readonly kind: Kind;
  readonly name: string;
  readonly id: StreamId;
}

/** What names each of `standings`: one pass over every kind that may, with turns for other work between. */
export async function referrersOf(
  deps: ResourceDeps,
  standings: readonly Standing[],
): Promise<ReadonlyMap<Standing, readonly Referrer[]>> {
  const found = new Map<Standing, Referrer[]>(standings.map((standing) => [standing, []]));
  for (const [asked, named] of Map.groupBy(standings, ({ kind }) => kind)) {
    for (const [kind, refers] of Object.entries(directions[asked]) as [Kind, Refers][]) {
      let seen = 0;
      for (const other of everyStanding(deps, kind)) {
        for (const standing of named) {
          if (refers(other.spec, standing)) found.get(standing)?.push({ kind, name: other.name, id: other.id });
        }
        seen += 1;
        if (seen % rowsPerTurn === 0) await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }
  return found;
}

const rowsPerTurn = 500;
