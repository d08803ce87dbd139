import type { Protocol } from '../../domain/kernel/door.ts';
import type { AccountId, EntitlementId, PassId, SessionId, TargetId, UserId } from '../../domain/kernel/ids.ts';
import type { Channels } from '../../domain/policy/channels.ts';
import type { RecordingDuty } from '../../domain/kernel/recording-duty.ts';
import type { TargetTrust } from '../../domain/target/events.ts';

declare const madeByAdmission: unique symbol;

/**
 * The permit that opens a target leg. Only `admit` makes one, after `SessionAdmitted` is durable; the brand keeps
 * everybody else from writing one down. Serialisable.
 */
export interface AuthorizedSession {
  readonly [madeByAdmission]: true;
  readonly sessionId: SessionId;
  readonly passId: PassId;
  readonly userId: UserId;
  /** Login name, for messages to the person. */
  readonly userName: string;
  readonly protocol: Protocol;
  readonly target: {
    readonly id: TargetId;
    readonly name: string;
    readonly host: string;
    readonly port: number;
    readonly trust: TargetTrust | null;
  };
  readonly account: {
    readonly id: AccountId;
    readonly username: string;
    readonly credential: SessionCredential;
  };
  readonly entitlementId: EntitlementId;
  readonly recording: RecordingDuty;
  readonly channels: Channels;
  readonly admittedAt: string;
  /** The session ends then at the latest: the pass's end or the entitlement's longest duration. */
  readonly endsAt: string;
  readonly endsBecause: 'pass-expired' | 'max-session';
  readonly idleMilliseconds: number | null;
  readonly source: string;
}

/** `secretId` names a record in the vault. */
export type SessionCredential =
  /** A password. */
  | { readonly kind: 'password'; readonly secretId: string }
  /** `{"privateKey", "passphrase"}` as JSON. */
  | { readonly kind: 'ssh-key'; readonly secretId: string }
  /** `{"privateKey", "password"}` as JSON; `certificate` is PEM. */
  | { readonly kind: 'certificate'; readonly secretId: string; readonly certificate: string };

/** Everything of an authorized session but its brand. */
export type AuthorizedSessionFacts = Omit<AuthorizedSession, typeof madeByAdmission>;
