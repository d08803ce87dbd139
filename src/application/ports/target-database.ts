import type { Duplex } from 'node:stream';
import { type ErrorKind, SallyportError } from '../../domain/kernel/errors.ts';
import type { AuthorizedSession } from '../admission/authorized-session.ts';

/** What the person's client asked for at its start; fields of their own, never part of another text (security rule P3). */
export interface DatabaseWish {
  /** Null: the one that the target takes for the account. */
  readonly database: string | null;
  /** Run-time parameters of the connection, already allowed. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
}

/** The target leg of an admitted session at a database: logged in with the credential from custody, its identity checked. */
export interface TargetDatabase {
  /** What the target proved to be: `SHA256:` and the hex digest of its certificate. */
  readonly identity: string;
  /** Inside TLS, paused until `resume()`; nothing of it was read beyond `early`. Whoever has it reads the target's messages from here on. */
  readonly stream: Duplex;
  /** Bytes that came behind the target's ReadyForQuery. */
  readonly early: Buffer;
  /** ParameterStatus, in the order in which the target gave them. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  /** Whole NoticeResponse messages of the login, for the person. */
  readonly notices: readonly Buffer[];
  /** Asks the target to stop the statement at hand, over a connection of its own that is verified in the same way. */
  cancel(): Promise<void>;
  /** Called once when the leg is gone, at once if it is: closed in good order, or broken or silent; not after `close`. */
  onLost(listener: (reason: 'closed-by-target' | 'target-lost') => void): void;
  close(): void;
}

/** The target itself ended the login with an error. Codes `target-login-failed` and `target-unreachable`. */
export class DatabaseRefused extends SallyportError {
  readonly sqlState: string;
  /** The target's words as visible text, for the person; null when they are about the login of the account. */
  readonly targetMessage: string | null;

  constructor(kind: ErrorKind, code: string, message: string, sqlState: string, targetMessage: string | null) {
    super(kind, code, message);
    this.sqlState = sqlState;
    this.targetMessage = targetMessage;
  }
}

/**
 * Opens target legs at databases. Errors are `SallyportError`s with codes `target-unreachable`, `target-login-failed`, `DatabaseRefused`
 * among them, or a refused identity.
 */
export interface TargetDatabases {
  connect(session: AuthorizedSession, wish: DatabaseWish): Promise<TargetDatabase>;
}
