import type { LoginId, StreamId, UserId } from '../../domain/kernel/ids.ts';
import type { Protocol } from '../../domain/kernel/door.ts';
import type { Claims } from '../../domain/policy/claims.ts';
import type { Finding } from '../finding.ts';
import type { ResourceDocument, ResourceError } from './resource-document.ts';
import type { Refused, Viewer } from './viewer.ts';

export interface ResourceListWish {
  /** Folded texts (`foldText`) that must all be in what is looked for. */
  readonly search: readonly string[];
  /** The place of the last one of the page before. */
  readonly after: ResourcePlace | null;
  readonly limit: number;
}

export interface ResourcePlace {
  readonly value: unknown;
  readonly key: string;
}

/** A resource in a list of one kind, by name. */
export interface ListedResource {
  /** Null: built in, without a stream of its own. */
  readonly id: StreamId | null;
  /** When it was declared as it stands; of people, groups and roles when they were made. */
  readonly declaredAt: string | null;
  readonly document: ResourceDocument;
  readonly yaml: string;
  /** Whether write-only values of it are in custody. */
  readonly hasSecret: boolean;
  readonly place: ResourcePlace;
  /** What names it, so that it can not be deleted. */
  referrers(): Promise<readonly { readonly id: StreamId; readonly kind: string; readonly name: string }[]>;
}

/** What one document of an apply does, or with `dryRun` would do. */
export interface DocumentChange {
  readonly kind: string;
  readonly name: string;
  readonly change: 'created' | 'changed' | 'unchanged';
  readonly before: ResourceDocument | null;
  readonly after: ResourceDocument;
}

export interface SimulatedCondition {
  /** What it comes to: an error is a no. */
  readonly result: boolean;
  readonly output: boolean | null;
  readonly error: string | null;
  /** Steps at most, and how many an expression may take; null: it does not compile. */
  readonly cost: number | null;
  readonly mostCost: number;
}

interface Said {
  readonly id: string;
  readonly name: string | null;
  readonly holds: boolean;
  readonly error: string | null;
}

/** An entitlement that names the target, with the policies that would give it. */
export interface ExplainedEntitlement {
  readonly id: string;
  readonly name: string;
  readonly policies: readonly Said[];
  readonly conditions: readonly Said[];
  readonly rights: readonly string[];
  /** It asks for an approval. */
  readonly approval: boolean;
}

/** What admission would say now. `reason` null: allowed. */
export interface AccessExplained {
  readonly allowed: boolean;
  readonly reason: string | null;
  readonly detail: string | null;
  readonly account: string | null;
  readonly entitlement: string | null;
  /** Accounts to choose from. */
  readonly candidates: readonly string[];
  readonly entitlements: readonly ExplainedEntitlement[];
}

export type ProviderTest = { readonly ok: true; readonly findings: readonly Finding[] } | Refused<ResourceError>;

/** What only administrators ask for. Without `administer` every method throws kind `denied`. */
export interface Administration {
  listResources(
    viewer: Viewer,
    kind: string,
    wish: ResourceListWish,
  ): Promise<{ readonly ok: true; readonly resources: readonly ListedResource[] } | Refused>;
  /** Null: there is none of this name. */
  findResource(
    viewer: Viewer,
    kind: string,
    name: string,
  ): Promise<{ readonly ok: true; readonly resource: ListedResource | null } | Refused>;
  /** The same as `applyResources`, and says what each document alters; `dryRun`: says it and does nothing. */
  changeResources(
    viewer: Viewer,
    text: string,
    options: { readonly setSecrets: boolean; readonly dryRun: boolean },
  ): Promise<
    | { readonly ok: true; readonly changes: readonly DocumentChange[]; readonly warnings: readonly string[] }
    | Refused<ResourceError>
  >;
  /** Asks the provider of one IdentityProvider document, which need not stand, what stands against a login by it. */
  testProvider(viewer: Viewer, text: string): Promise<ProviderTest>;
  /** Ends one login of anybody, or all of a person; gives those that were open. */
  closeLoginsOf(
    viewer: Viewer,
    which: { readonly loginId: LoginId } | { readonly userId: UserId },
  ): Promise<{ readonly ok: true; readonly closed: readonly LoginId[] } | Refused>;
  /** Pure: the same dialect and limits as conditions have. */
  simulateCondition(
    viewer: Viewer,
    wish: { readonly expression: string; readonly claims: unknown; readonly time: string | null },
  ): Promise<SimulatedCondition>;
  /** The claims of a person as their newest login gives them; null: there is no such person. */
  claimsOf(viewer: Viewer, userId: UserId, protocol: Protocol): Promise<Claims | null>;
  explainAccess(
    viewer: Viewer,
    wish: { readonly userId: UserId; readonly target: string; readonly account: string | null },
  ): Promise<AccessExplained>;
}
