import type { OwnReachEntry } from '../../application/ports/my-access.ts';
import type {
  ActiveKeyRow,
  ActiveTokenRow,
  CatalogueRow,
  DirectoryRow,
  SessionHistoryRow,
} from '../../application/ports/read-models.ts';
import type { StoredEvent } from '../../domain/kernel/event.ts';
import { protocols, type Protocol } from '../../domain/kernel/door.ts';
import type { AccountId, EntitlementId, KeyId, PolicyId, TargetId, TokenId, UserId } from '../../domain/kernel/ids.ts';
import { builder } from './builder.ts';

/** The types that others speak of, each with what its resolvers are given. */

export interface UserShape {
  readonly id: UserId;
  readonly name: string;
  readonly row: DirectoryRow | undefined;
}
/** The name is the one that the speaking row keeps, so that it is there after a removal. */
export interface CatalogueShape<Id extends string> {
  readonly id: Id;
  readonly name: string;
  readonly row: CatalogueRow | undefined;
}
export interface TokenShape extends Pick<ActiveTokenRow, 'userId' | 'protocols' | 'targetId' | 'expiresAt'> {
  readonly id: TokenId;
  readonly row: ActiveTokenRow | undefined;
}

export interface KeyShape {
  readonly id: KeyId;
  readonly userId: UserId;
  readonly expiresAt: string;
  readonly row: ActiveKeyRow | undefined;
}

export const UserRef = builder.objectRef<UserShape>('User');
export const TargetRef = builder.objectRef<CatalogueShape<TargetId>>('Target');
export const AccountRef = builder.objectRef<CatalogueShape<AccountId>>('Account');
export const EntitlementRef = builder.objectRef<CatalogueShape<EntitlementId>>('Entitlement');
export const PolicyRef = builder.objectRef<CatalogueShape<PolicyId>>('Policy');
export const TokenRef = builder.objectRef<TokenShape>('Token');
export const KeyRef = builder.objectRef<KeyShape>('PublicKey');
export const SessionRef = builder.objectRef<SessionHistoryRow>('Session');
export const EventRef = builder.objectRef<StoredEvent>('Event');
export const ReachRef = builder.objectRef<OwnReachEntry>('ReachEntry');

export const ProtocolRef = builder.enumType('Protocol', { values: protocols });
export type { Protocol };

export const UserConnection = builder.connectionObject({ name: 'UserConnection', type: UserRef });
export const TargetConnection = builder.connectionObject({ name: 'TargetConnection', type: TargetRef });
export const EntitlementConnection = builder.connectionObject({ name: 'EntitlementConnection', type: EntitlementRef });
export const PolicyConnection = builder.connectionObject({ name: 'PolicyConnection', type: PolicyRef });
export const TokenConnection = builder.connectionObject({ name: 'TokenConnection', type: TokenRef });
export const KeyConnection = builder.connectionObject({ name: 'PublicKeyConnection', type: KeyRef });
export const SessionConnection = builder.connectionObject({ name: 'SessionConnection', type: SessionRef });
export const EventConnection = builder.connectionObject({ name: 'EventConnection', type: EventRef });
export const ReachConnection = builder.connectionObject({ name: 'ReachEntryConnection', type: ReachRef });
