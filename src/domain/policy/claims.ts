import type { Attributes } from '../kernel/attributes.ts';
import type { Protocol } from '../kernel/door.ts';
import type { Json } from '../kernel/json.ts';

/**
 * What conditions and policies see (CONTRACT.md, section 5): built outside, so that the same claims give the same
 * answer for ever.
 */
export interface Claims {
  /** Trusted: from our own directory and login. */
  readonly user: {
    readonly username: string;
    readonly groups: readonly string[];
    /** What the identity provider of the login says besides; none for a local one. */
    readonly attributes: Attributes;
    /** Name of the identity provider, `local` for our own passwords. */
    readonly provider: string;
    /** UTC, ISO 8601 with milliseconds. */
    readonly authenticatedAt: string;
    /** Short names of the mechanisms passed at login, as `UP`. */
    readonly factors: readonly string[];
    /** What the person says they want it for, as they said it: theirs, not checked by anybody. Empty: nothing was said. */
    readonly reason: string;
  };
  /** Reported by the client: never trusted. */
  readonly device: Readonly<Record<string, Json>>;
  /** Seen by us. */
  readonly system: {
    readonly sourceAddress: string;
    readonly protocol: Protocol;
    readonly local: LocalTime;
  };
}

/** Wall time in a named zone; `weekday` is ISO 8601, 1 is Monday. */
export interface LocalTime {
  readonly hour: number;
  readonly minute: number;
  readonly weekday: number;
  readonly zone: string;
}

/** The shape above in the types of CEL: an expression that names another field does not compile. */
export const claimsSchema = {
  user: {
    username: 'string',
    groups: 'list<string>',
    attributes: 'map<string, list<string>>',
    provider: 'string',
    authenticatedAt: 'string',
    factors: 'list<string>',
    reason: 'string',
  },
  device: 'map',
  system: {
    sourceAddress: 'string',
    protocol: 'string',
    local: { hour: 'int', minute: 'int', weekday: 'int', zone: 'string' },
  },
} as const;
