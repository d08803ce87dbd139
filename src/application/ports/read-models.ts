import type { Factor } from '../../domain/factor/events.ts';
import type { Door, Protocol } from '../../domain/kernel/door.ts';
import type {
  AccountId,
  EntitlementId,
  FavouritesId,
  FactorId,
  IdentityId,
  KeyId,
  LoginId,
  NodeId,
  PassId,
  SessionId,
  StreamId,
  TargetId,
  TokenId,
  UserId,
} from '../../domain/kernel/ids.ts';
import type { PassKeyAlgorithm } from '../../domain/key/events.ts';
import type { Personal } from '../../domain/kernel/personal.ts';
import type { RecordingDuty } from '../../domain/kernel/recording-duty.ts';
import type { IdentityStanding, LearnedBy } from '../../domain/kernel/standing.ts';
import type { View } from './views.ts';

/** Rows of the views, as readers see them. Flags are 0 or 1; lists and objects are JSON columns. */

/** A live pass; its row goes with its revocation, or a day after its expiry: compare `expiresAt`. */
export type ActivePassRow = {
  readonly userId: UserId;
  readonly loginId: LoginId;
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
  readonly lastUsedFrom: string | null;
  readonly uses: number;
  /** The pass's stream version, by which an event that comes twice is known. */
  readonly version: number;
};

export type ActiveTokenRow = ActivePassRow & {
  readonly tokenId: TokenId;
  readonly protocols: readonly Protocol[] | null;
  readonly targetId: TargetId | null;
};

/** A person's own public key; `issuedAt` is when it was registered. */
export type ActiveKeyRow = ActivePassRow & {
  readonly keyId: KeyId;
  readonly algorithm: PassKeyAlgorithm;
};

/** A second factor; without anything that proves it, and without its label, which is personal. `removed` is 0 or 1. */
export type FactorRow = {
  readonly factorId: FactorId;
  readonly userId: UserId;
  readonly kind: Factor['kind'];
  /** Of recovery codes: how many were drawn; otherwise null. */
  readonly codes: number | null;
  /** Of recovery codes: how many were used; otherwise 0. */
  readonly spent: number;
  readonly enrolledAt: string;
  readonly lastUsedAt: string | null;
  readonly removed: number;
  /** The factor's stream version, by which an event that comes twice is known. */
  readonly version: number;
};

/** Revoked tokens and keys, until a day after they would have expired. */
export type RevocationRow = {
  readonly passId: PassId;
  readonly userId: UserId;
  readonly reason: string;
  readonly revokedAt: string;
  readonly expiresAt: string;
};

/** The accounts that a person marked, the newest last. */
export type FavouritesRow = {
  readonly favouritesId: FavouritesId;
  readonly userId: UserId;
  readonly accountIds: readonly AccountId[];
  /** The stream's version. */
  readonly version: number;
};

/** A login that stands; its row goes when it closes, or a day after its expiry: compare `expiresAt`. */
export type ActiveLoginRow = {
  readonly loginId: LoginId;
  readonly userId: UserId;
  /** `local`, or the name of the IdentityProvider resource. */
  readonly provider: string;
  /** What the login rests on; null: the local password. */
  readonly identityId: IdentityId | null;
  readonly door: Door;
  readonly source: string;
  readonly factors: readonly string[];
  readonly openedAt: string;
  readonly expiresAt: string;
  /** The login's stream version. */
  readonly version: number;
};

/**
 * Somebody as one provider knows them, linked to a person or no more. `groups` are those the provider names, none of
 * somebody gone; `standing` and what follows are null until the provider was asked once. `version` is the stream's.
 */
export type IdentityRow = {
  readonly identityId: IdentityId;
  readonly userId: UserId;
  readonly provider: string;
  readonly groups: readonly string[];
  readonly standing: IdentityStanding | null;
  readonly seenAt: string | null;
  readonly seenBy: LearnedBy | null;
  readonly linked: number;
  readonly version: number;
};

/** Users, groups and roles. Columns that a kind does not have are null. `version` is the stream's newest version. */
export type DirectoryRow = {
  readonly id: StreamId<'user' | 'group' | 'role'>;
  readonly kind: 'user' | 'group' | 'role';
  /** Null once shredded. */
  readonly name: string | null;
  readonly nameKey: string | null;
  readonly email: Personal | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly groups: readonly string[];
  readonly roles: readonly string[];
  readonly members: readonly UserId[];
  readonly permissions: readonly string[];
  readonly scope: Readonly<Record<string, string>> | null;
  readonly secretId: string | null;
  readonly mustChange: number;
  /** When the password was set that stands, and which login was kept then. */
  readonly passwordSetAt: string | null;
  readonly keptLogin: LoginId | null;
  readonly disabled: number;
  readonly removed: number;
  readonly version: number;
  readonly createdAt: string;
  /** What is looked for: name and address by `foldText`, parted by line ends; null once shredded. */
  readonly search: string | null;
};

export type CatalogueKind =
  | 'provider'
  | 'target'
  | 'account'
  | 'credential'
  | 'sshkey'
  | 'condition'
  | 'entitlement'
  | 'policy'
  | 'factorprovider';

/** Everything declared around targets and policy; `spec` is the data of the newest `…Declared` event. */
export type CatalogueRow = {
  readonly id: StreamId<CatalogueKind>;
  readonly kind: CatalogueKind;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: Readonly<Record<string, unknown>>;
  /** accounts: the target they are on */
  readonly targetId: TargetId | null;
  /** targets: what they speak */
  readonly protocol: Protocol | null;
  /** targets: 1 when their identity is known, otherwise 0 */
  readonly trusted: number | null;
  /** Labels as `name=value`, each between line ends. */
  readonly labelled: string;
  /** What is looked for: name, labels, host and login name by `foldText`, parted by line ends. */
  readonly search: string;
  readonly withdrawn: number;
  readonly version: number;
  /** When the spec as it stands was declared. */
  readonly declaredAt: string;
};

export type LiveSessionRow = {
  readonly sessionId: SessionId;
  readonly userId: UserId;
  readonly passId: PassId;
  readonly targetId: TargetId;
  readonly targetName: string;
  readonly accountId: AccountId;
  readonly accountName: string;
  readonly entitlementId: EntitlementId;
  readonly protocol: Protocol;
  readonly source: string;
  readonly client: string | null;
  /** The first of the sessions that one tool has open side by side; this one when it is alone. */
  readonly groupId: SessionId;
  readonly startedAt: string;
  readonly nodeId: NodeId;
  readonly bootId: string;
};

export type SessionHistoryRow = LiveSessionRow & {
  /** 1 once it has ended. */
  readonly ended: number;
  readonly endedAt: string | null;
  readonly endReason: string | null;
  readonly endMessage: string | null;
  /** Null while nobody knows: the node that counted them was lost. */
  readonly bytesReceived: number | null;
  readonly bytesSent: number | null;
  readonly recording: RecordingDuty;
  readonly chunks: number;
  readonly recordedBytes: number;
  /** The session's stream version. */
  readonly version: number;
};

/** One row an event: what an auditor filters by. The event itself is read from the log. */
export type AuditTrailRow = {
  readonly position: string;
  readonly eventId: string;
  readonly type: string;
  readonly stream: StreamId;
  readonly category: string;
  readonly at: string;
  readonly actorUserId: UserId | null;
  readonly correlationId: string;
  /** The person, target and session the event speaks of: named by it, or by the first event of its stream. */
  readonly userId: UserId | null;
  readonly targetId: TargetId | null;
  readonly sessionId: SessionId | null;
};

export interface ReadModels {
  readonly activeTokens: View<ActiveTokenRow>;
  readonly activeKeys: View<ActiveKeyRow>;
  readonly factors: View<FactorRow>;
  readonly favourites: View<FavouritesRow>;
  readonly activeLogins: View<ActiveLoginRow>;
  readonly identities: View<IdentityRow>;
  readonly revocationList: View<RevocationRow>;
  readonly directory: View<DirectoryRow>;
  readonly targetCatalogue: View<CatalogueRow>;
  readonly liveSessions: View<LiveSessionRow>;
  readonly sessionHistory: View<SessionHistoryRow>;
  readonly auditTrail: View<AuditTrailRow>;
}
