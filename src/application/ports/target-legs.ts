import type { AuthorizedSession } from '../admission/authorized-session.ts';
import type { DatabaseWish, TargetDatabase } from './target-database.ts';
import type { Prompter, TargetTerminal } from './target-terminal.ts';

/** What a leg of each protocol is opened with, and what it is. */
export interface LegKinds {
  readonly ssh: { readonly wish: Prompter | undefined; readonly leg: TargetTerminal };
  readonly postgres: { readonly wish: DatabaseWish; readonly leg: TargetDatabase };
}

/** Opens target legs by the protocol of the target: `TargetTerminals`, `TargetDatabases`. */
export type TargetLegs = {
  readonly [K in keyof LegKinds]: {
    connect(session: AuthorizedSession, wish: LegKinds[K]['wish']): Promise<LegKinds[K]['leg']>;
  };
};
