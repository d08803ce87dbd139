import { createHash } from 'node:crypto';
import type { Attributes } from '../../domain/kernel/attributes.ts';
import type { Protocol } from '../../domain/kernel/door.ts';
import type { UserId } from '../../domain/kernel/ids.ts';
import type { Claims, LocalTime } from '../../domain/policy/claims.ts';
import { everyRow } from '../reading.ts';
import type { DirectoryRow, ReadModels } from '../ports/read-models.ts';

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The wall time of a moment in a named zone; computed here and stored, since conditions may not read clocks. */
export function localTime(at: string, zone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    weekday: 'short',
  });
  const parts = new Map(format.formatToParts(new Date(at)).map((part) => [part.type, part.value]));
  return {
    hour: Number(parts.get('hour')),
    minute: Number(parts.get('minute')),
    weekday: weekdays.indexOf(parts.get('weekday') ?? '') + 1,
    zone,
  };
}

/** Groups of a person: those of the user, those that name the user as member, and the provider's; sorted, each once. */
export function groupsOf(
  directory: ReadModels['directory'],
  user: DirectoryRow,
  ofProvider: readonly string[] = [],
): readonly string[] {
  const userId = user.id as UserId;
  const declared = everyRow(directory, 'id', { where: { kind: 'group', removed: 0 } })
    .filter((group) => group.members.includes(userId))
    .map((group) => group.name ?? '');
  return [...new Set([...user.groups, ...declared, ...ofProvider])].sort();
}

export interface ClaimFacts {
  readonly user: DirectoryRow;
  readonly groups: readonly string[];
  /** As the provider of the login said last; none for a local one. */
  readonly attributes: Attributes;
  /** `local`, or the name of the IdentityProvider resource. */
  readonly provider: string;
  readonly authenticatedAt: string;
  readonly factors: readonly string[];
  /** What the person gave as a reason; empty: none. */
  readonly reason: string;
  readonly source: string;
  readonly protocol: Protocol;
  readonly at: string;
  readonly zone: string;
}

export function claimsOf(facts: ClaimFacts): Claims {
  return {
    user: {
      username: facts.user.name ?? '',
      groups: facts.groups,
      attributes: facts.attributes,
      provider: facts.provider,
      authenticatedAt: facts.authenticatedAt,
      factors: facts.factors,
      reason: facts.reason,
    },
    device: {},
    system: { sourceAddress: facts.source, protocol: facts.protocol, local: localTime(facts.at, facts.zone) },
  };
}

/** SHA-256, hex. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
