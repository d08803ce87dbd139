import type { Administration } from '../../application/ports/administration.ts';
import type { Application, Viewer } from '../../application/ports/application-face.ts';
import type { MyAccess } from '../../application/ports/my-access.ts';
import type { TerminalFace } from '../../application/ports/terminal-face.ts';
import type { Position } from '../../domain/kernel/event.ts';
import type { UserId } from '../../domain/kernel/ids.ts';
import type { Permission } from '../../domain/policy/events.ts';

export type GraphqlFace = Pick<
  Application,
  | 'issueTemporaryToken'
  | 'challengePublicKey'
  | 'registerPublicKey'
  | 'revokePass'
  | 'endSession'
  | 'scanTarget'
  | 'deleteResource'
  | 'ownLogins'
  | 'closeLogin'
  | 'closeEverything'
  | 'views'
  | 'log'
> &
  Administration &
  MyAccess &
  Pick<TerminalFace, 'openTerminal' | 'terminals'>;

/** Where people find the doors; what connect lines are made of. */
export interface ConnectDoors {
  /** A name or an address without brackets. */
  readonly host: string;
  /** By protocol; null or absent: no door. */
  readonly ports: Readonly<Record<string, number | null>>;
  /** The CA of the installation, PEM, where it issued the certificate of the doors; null: a CA that systems trust did. */
  readonly ca: string | null;
}

/** What resolvers know of a request. */
export interface GraphqlContext {
  readonly application: GraphqlFace;
  readonly doors: ConnectDoors;
  readonly viewer: Viewer;
  readonly signal: AbortSignal;
  /** The viewer as things stand now; null once the login has ended. */
  readonly refresh: () => Promise<Viewer | null>;
  /** The newest position when first asked for in this request; null when the log can't say. */
  head: Promise<Position | null> | undefined;
}

export function has(context: GraphqlContext, permission: Permission): boolean {
  return context.viewer.permissions.includes(permission);
}

/** What belongs to somebody is read by them, by auditors and by administrators. */
export function mayReadOf(context: GraphqlContext, owner: UserId): boolean {
  return owner === context.viewer.userId || mayReadAll(context);
}

export function mayReadAll(context: GraphqlContext): boolean {
  return has(context, 'audit') || has(context, 'administer');
}
