import type { Door, Protocol } from '../../domain/kernel/door.ts';
import type { PassId, UserId } from '../../domain/kernel/ids.ts';
import type { RecordingDuty } from '../../domain/kernel/recording-duty.ts';
import type { NoteFile, NoteStatements } from '../../domain/session/commands.ts';
import type { ChannelClosed, ChannelOpened, ChannelRefused, SessionEndReason } from '../../domain/session/events.ts';
import type { RecordingWriter } from '../ports/recordings.ts';
import type { DatabaseWish, TargetDatabase } from '../ports/target-database.ts';
import type { Prompter, TargetTerminal } from '../ports/target-terminal.ts';
import type { Viewer } from '../ports/viewer.ts';
import type { ProofTranscript, ScramParameters } from '../ports/token-proofs.ts';
import type { AuthorizedSession } from './authorized-session.ts';
import type { PassUse } from './login-use.ts';

/** What somebody showed at a proxy's door. `source` is the network address, without port. */
export interface PassShown {
  readonly door: Extract<Door, Protocol>;
  readonly source: string;
  readonly userName: string;
  readonly transcript: ProofTranscript;
}

declare const verified: unique symbol;

/** A pass that was proven and was live a moment ago; whether it still is, `admit` decides. */
export interface VerifiedPass {
  readonly [verified]: true;
  readonly passId: PassId;
  readonly userId: UserId;
  readonly userName: string;
}

/** A pass that was taken, with what proves us to the client when it proved itself by SCRAM: the ServerSignature of RFC 5802. */
export interface PassTaken {
  readonly pass: VerifiedPass;
  readonly serverSignature: Uint8Array | null;
}

export interface Destination {
  readonly target: string | null;
  readonly account: string | null;
}

export interface AdmissionRequest {
  readonly pass: VerifiedPass;
  readonly protocol: Protocol;
  readonly destination: Destination;
  readonly source: string;
  /** What the client says it is, for example `SSH-2.0-OpenSSH_9.2`; printable, at most 255 characters. */
  readonly client: string | null;
  /** What the person gave as a reason, as they typed it; empty: none. */
  readonly reason: string;
}

/** Called once when the session must end for a reason outside the proxy; `message` is for the person. */
export type EndListener = (reason: SessionEndReason, message: string) => void;

/** Called with a word to the person that ends nothing, a warning for example; shown in their terminals, and to clients of a database as a notice. */
export type NoticeListener = (message: string) => void;

/**
 * `message` of a no is for the person: absent and not allowed read the same. `asks` is there when they may be admitted if
 * they give a reason: what for, in the words of the conditions.
 */
export type Admission =
  | { readonly ok: true; readonly session: LiveSession }
  | { readonly ok: false; readonly message: string; readonly asks?: string };

/** One account of one target that a person may choose. */
export interface Reachable {
  readonly target: string;
  readonly account: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What stands against it; null: nothing does now. */
  readonly reason: string | null;
  /** Which reason the person has to give, when that may be all that stands against it; null: none is asked for. */
  readonly asks: string | null;
  /** What of a session there would be recorded; null while something stands against it. */
  readonly recording: RecordingDuty | null;
  /** When this person last opened a session there; null: not in their newest sessions. */
  readonly lastUsedAt: string | null;
}

export type Reach = { readonly ok: true; readonly open: readonly Reachable[] } | { readonly ok: false };

export interface ReachableWish {
  readonly pass: VerifiedPass;
  readonly protocol: Protocol;
  readonly source: string;
}

/** What a proxy needs of the application: the one road from a client to a target. */
export interface ProxyDoor {
  /**
   * What somebody is told who connects from a network where too many logins have failed: nothing else is done for them
   * (security rule A9). Null: welcome. To be asked of every new connection.
   */
  turnsAway(source: string): string | null;
  /**
   * Whether a public key that is offered without a signature is a live pass of anybody's, so that the client is asked to
   * sign with it. It proves nothing and names nobody. Never rejects: errors are a no.
   */
  mayBePass(key: Uint8Array): Promise<boolean>;
  /** Which live pass this is. A no is an event (`PassRefused`) and always reads the same. Never rejects: errors are a no. */
  verifyPass(shown: PassShown): Promise<PassTaken | null>;
  /** What a client needs to prove its token by SCRAM; names that nobody has get it too. */
  scramParameters(userName: string): Promise<ScramParameters>;
  /** Whether a verified pass still is live and its person active: for who waits between login and admission. */
  isLive(pass: VerifiedPass): Promise<boolean>;
  /**
   * Registers who waits between login and admission: `end` is called as for a session when the pass or its person is no
   * more, or when this node stops. What happened before the call is found by `isLive` after it. Gives what ends it.
   */
  attend(pass: VerifiedPass, end: EndListener): () => void;
  /** The one admission (HOUSE.md). Registers `end` for termination first. Never rejects: errors are a no. */
  admit(request: AdmissionRequest, end: EndListener, notice: NoticeListener): Promise<Admission>;
  /** What the person may choose from, for a menu. It gives no right: what is chosen goes through `admit`. Never rejects. */
  reachable(wish: ReachableWish): Promise<Reach>;
  /** Where a new token is made, for error texts. */
  readonly portalUrl: string;
}

/** The same for a terminal in the browser, whose person is logged in already. */
export interface BrowserDoor extends Pick<ProxyDoor, 'isLive' | 'attend' | 'admit' | 'reachable'> {
  /** The pass that a login is (`login-pass.ts`); null: it opens nothing. To be asked when a connection comes. Never rejects. */
  verifyLogin(viewer: Pick<Viewer, 'loginId' | 'userId' | 'userName'>): Promise<VerifiedPass | null>;
  /** For who sits at a page, whatever its session rests on: the login is closed once it was idle for too long (`keepLogin`). */
  keepLogin(pass: VerifiedPass): PassUse;
}

/** A session between its opening and its end. Every fact is durable before the promise resolves. */
export interface LiveSession {
  readonly authorized: AuthorizedSession;
  /** Null when nothing is recorded. */
  readonly recorder: RecordingWriter | null;
  /**
   * Opens the target leg; what the target asks beyond the credential in custody goes to the prompter. On failure the
   * session ends itself and the error is rethrown.
   */
  openTarget(prompter?: Prompter): Promise<TargetTerminal>;
  /** The same at a database. */
  openDatabase(wish: DatabaseWish): Promise<TargetDatabase>;
  channelOpened(fact: ChannelOpened['data']): Promise<void>;
  channelRefused(fact: ChannelRefused['data']): Promise<void>;
  channelClosed(fact: ChannelClosed['data']): Promise<void>;
  fileNoted(fact: NoteFile['fact']): Promise<void>;
  statementsNoted(fact: NoteStatements['fact']): Promise<void>;
  /**
   * Bytes from the client. They are what keeps a session from being idle, unless nobody typed them, as a terminal's
   * own answers are.
   */
  received(bytes: number, byPerson?: boolean): void;
  /** Bytes to the client. */
  sent(bytes: number): void;
  /** Ends once; appends `SessionEnded` and closes the recording. Later calls change nothing. */
  end(reason: SessionEndReason, message?: string): Promise<void>;
}
