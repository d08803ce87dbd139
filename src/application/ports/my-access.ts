import type { Protocol } from '../../domain/kernel/door.ts';
import type { AccountId, TargetId } from '../../domain/kernel/ids.ts';
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
  readonly first: number;
  readonly after: ReachPlace | null;
}

/** `more`: there are entries after the last of these. */
export interface ReachPage {
  readonly entries: readonly OwnReachEntry[];
  readonly more: boolean;
}

/** "My access": what a person may reach, and what they keep of it. Lists give no right: each choice goes through admission. */
export interface MyAccess {
  /** In the order of names. */
  reachPage(viewer: Viewer, wish: ReachWish): Promise<ReachPage>;
  /** What they used, the newest first, as far as they may still know of it. `after`: the account that the page before ended with. */
  recentReach(viewer: Viewer, wish: { readonly first: number; readonly after: string | null }): Promise<ReachPage>;
  /** Marks an account, by the names of its target and of the login there. Giving one up needs no right to it. */
  setFavourite(
    viewer: Viewer,
    wish: { readonly target: string; readonly account: string; readonly favourite: boolean },
  ): Promise<{ readonly ok: true; readonly entry: OwnReachEntry | null } | Refused>;
}
