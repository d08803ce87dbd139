import type { Protocol } from '../../domain/kernel/door.ts';
import type { AccountId, SshKeyId, TargetId } from '../../domain/kernel/ids.ts';
import type { RecordingDuty } from '../../domain/kernel/recording-duty.ts';
import type { Refused, Viewer } from './viewer.ts';

/** What a person may reach: one entry for each account. `reason` says why not. */
export interface ReachEntry {
  readonly accountId: AccountId;
  readonly targetId: TargetId;
  readonly target: string;
  readonly account: string;
  readonly protocol: Protocol;
  /** What the person logs in with at a proxy to get there. */
  readonly login: string;
  readonly allowed: boolean;
  readonly reason: string | null;
  /** What the person can do about it, or whom to ask; null while it is allowed. */
  readonly advice: string | null;
  /** The reason that is asked for, when that may be all that stands against it; null: none is asked for. */
  readonly asks: string | null;
  /** What of a session there would be recorded; null while something of the entitlement stands against it. */
  readonly recording: RecordingDuty | null;
  readonly labels: Readonly<Record<string, string>>;
}

/** An account that the viewer may reach, with what they keep of it. */
export interface OwnReachEntry extends ReachEntry {
  readonly favourite: boolean;
  /** When they last opened a session there; null: not in their newest sessions. */
  readonly lastUsedAt: string | null;
}

/** The place of an entry in the order of names; the id tells two accounts of one name apart. */
export type ReachPlace = readonly [target: string, account: string, accountId: string];

export interface ReachWish {
  /** Words, each of which must stand in the target's name, the account or a label. */
  readonly search: string;
  /** Null: whichever. */
  readonly protocol: Protocol | null;
  readonly allowed: boolean | null;
  readonly favourite: boolean | null;
  /** That account alone. */
  readonly account: AccountId | null;
  readonly first: number;
  readonly after: ReachPlace | null;
}

/** `more`: there are entries after the last of these. */
export interface ReachPage {
  readonly entries: readonly OwnReachEntry[];
  readonly more: boolean;
}

/** A registered SSH key that accounts in reach are logged in to by; its private half stays in custody. */
export interface SshKeyInReach {
  readonly id: SshKeyId;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly username: string;
  /** OpenSSH public key line without comment. */
  readonly publicKey: string;
  readonly owner: string | null;
  readonly status: 'active' | 'inactive';
  /** Null: none, or one that the viewer may not know of. */
  readonly mainTargetId: TargetId | null;
  /** The accounts on its devices that the viewer may know of, in the order of names. */
  readonly devices: readonly OwnReachEntry[];
}

/** `mechanisms`: what a second factor is to be shown by, freshly; empty: none is asked for; null: nobody could say. */
export interface TokenTerms {
  /** Temporary tokens that live now, and how many may. */
  readonly live: number;
  readonly most: number;
  readonly longestSeconds: number;
  readonly mechanisms: readonly string[] | null;
}

/** "My access": what a person may reach, and what they keep of it. Lists give no right: each choice goes through admission. */
export interface MyAccess {
  /** In the order of names. */
  reachPage(viewer: Viewer, wish: ReachWish): Promise<ReachPage>;
  /** What they used, the newest first, as far as they may still know of it. `after`: the account that the page before ended with. */
  recentReach(viewer: Viewer, wish: { readonly first: number; readonly after: string | null }): Promise<ReachPage>;
  /** `name`: only the key that is called so; `after`: the name of the key that the page before ended with. */
  sshKeys(
    viewer: Viewer,
    wish: {
      readonly search: string;
      readonly name: string | null;
      readonly first: number;
      readonly after: string | null;
    },
  ): Promise<{ readonly keys: readonly SshKeyInReach[]; readonly more: boolean }>;
  tokenTerms(viewer: Viewer): Promise<TokenTerms>;
  /** By which passes end: ISO 8601, UTC. */
  serverTime(): Promise<string>;
  /** Marks an account, by the names of its target and of the login there. Giving one up needs no right to it. */
  setFavourite(
    viewer: Viewer,
    wish: { readonly target: string; readonly account: string; readonly favourite: boolean },
  ): Promise<{ readonly ok: true; readonly entry: OwnReachEntry | null } | Refused>;
}
