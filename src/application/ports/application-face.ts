import type { Administration } from './administration.ts';
import type { ReadingStart } from './recordings.ts';
import type { PassKeyAlgorithm } from '../../domain/key/events.ts';
import type { KeyId, SessionId, TargetId, TokenId, UserId } from '../../domain/kernel/ids.ts';
import type { Protocol } from '../../domain/kernel/door.ts';
import type { EventLog } from './event-log.ts';
import type { OfferedCertificate } from './certificate-scan.ts';
import type { OfferedHostKey } from './host-key-scan.ts';
import type { FactorFace, LoginFace } from './login-face.ts';
import type { PlayerFace } from './player-face.ts';
import type { MyAccess, ReachEntry } from './my-access.ts';
import type { ReadModels } from './read-models.ts';
import type { ResourceDocument, ResourceError } from './resource-document.ts';
import type { Refused, Refusal, Viewer } from './viewer.ts';

export type { Refused, Refusal, ResourceDocument, ResourceError, Viewer };

export interface IssuedToken {
  readonly id: TokenId;
  readonly expiresAt: string;
  readonly protocols: readonly Protocol[] | null;
  readonly target: TargetId | null;
}

export interface RegisteredKey {
  readonly id: KeyId;
  readonly userId: UserId;
  readonly algorithm: PassKeyAlgorithm;
  /** `SHA256:` and unpadded base64, as ssh-keygen writes it. */
  readonly fingerprint: string;
  readonly comment: string;
  readonly expiresAt: string;
}

/** What is to be signed by `ssh-keygen -Y sign -n <namespace>`: exactly `text`, without a line end. */
export interface KeyChallengeShown {
  readonly text: string;
  readonly namespace: string;
  readonly expiresAt: string;
}

/** A challenge as it was given, and what `ssh-keygen -Y sign` made of it. */
export interface KeyProof {
  readonly challenge: string;
  readonly signature: string;
}

export interface ResourceChange {
  readonly kind: string;
  readonly name: string;
  readonly change: 'created' | 'changed' | 'unchanged' | 'deleted';
}

/** What a target showed when the installation asked for its host keys or its certificate. */
export interface TargetScan {
  readonly target: string;
  /** `trusted`: the target's trust names it, or its CA, by now. */
  readonly keys: readonly (OfferedHostKey & { readonly trusted: boolean })[];
  /** Of a PostgreSQL target; judged by the trust that stands by now. */
  readonly certificate: OfferedCertificate | null;
  readonly error: string | null;
  /** Fingerprints that were confirmed and applied. */
  readonly confirmed: readonly string[];
  /** The Target with every key that it showed in `trust.hostKeys`, or its certificate in `trust.tls`: to be compared, then applied. */
  readonly resource: ResourceDocument;
}

export type ReadingManner = 'play' | 'follow' | 'export';
export type ReadingFormat = 'asciicast' | 'jsonl' | 'text';

/**
 * What the application offers to the HTTP faces. Refusals are values; what is thrown is a `SallyportError` and means
 * that nothing was done. Every method that takes a viewer checks the viewer's permissions itself.
 */
export interface Application extends LoginFace, FactorFace, Administration, MyAccess {
  /**
   * The live login that a cookie or bearer stands for; null for anything else, temporary tokens among it. `isUse` is false
   * where an answer under way looks whether it may go on: what somebody is only shown keeps no login from being idle.
   */
  viewerOf(loginSecret: string, isUse: boolean): Promise<Viewer | null>;
  logout(viewer: Viewer): Promise<void>;
  /** What a provider sent itself: somebody was logged out there, and what rested on that has ended. False: it proves nothing. */
  providerNotice(provider: string, token: string): Promise<boolean>;
  issueTemporaryToken(
    viewer: Viewer,
    wish: {
      readonly ttlSeconds: number | null;
      readonly protocols: readonly Protocol[] | null;
      readonly target: string | null;
      /** The authentication by which this login showed a second factor just now, where the policy asks for one. */
      readonly freshFactor: string | null;
    },
  ): Promise<{ readonly ok: true; readonly token: IssuedToken; readonly secret: string } | Refused>;
  /** What the key has to sign before it becomes a pass; for this login and this key, once, for 5 minutes. */
  challengePublicKey(
    viewer: Viewer,
    publicKey: string,
  ): Promise<{ readonly ok: true; readonly challenge: KeyChallengeShown } | Refused>;
  /** Makes a public key, one line in OpenSSH's form, a pass for SSH. Without proof it is none. */
  registerPublicKey(
    viewer: Viewer,
    wish: {
      readonly publicKey: string;
      readonly proof: KeyProof | null;
      readonly ttlSeconds: number | null;
      /** As for a token. */
      readonly freshFactor: string | null;
    },
  ): Promise<{ readonly ok: true; readonly key: RegisteredKey } | Refused>;
  revokePass(viewer: Viewer, passId: TokenId | KeyId): Promise<{ readonly ok: true } | Refused>;
  endSession(viewer: Viewer, sessionId: SessionId, message: string | null): Promise<{ readonly ok: true } | Refused>;
  applyResources(
    viewer: Viewer,
    text: string,
    options: { readonly setSecrets: boolean },
  ): Promise<
    | {
        readonly ok: true;
        readonly results: readonly ResourceChange[];
        /** What was applied and yet does not do what a reader might expect. */
        readonly warnings: readonly string[];
      }
    | Refused<ResourceError>
  >;
  getResources(
    viewer: Viewer,
    kind: string,
    name: string | null,
  ): Promise<{ readonly ok: true; readonly resources: readonly ResourceDocument[] } | Refused>;
  deleteResource(
    viewer: Viewer,
    kind: string,
    name: string,
  ): Promise<{ readonly ok: true; readonly results: readonly ResourceChange[] } | Refused>;
  /** Asks a target for its host keys; fingerprints in `confirm` are applied to its trust when it shows them. */
  scanTarget(
    viewer: Viewer,
    target: string,
    confirm: readonly string[],
  ): Promise<{ readonly ok: true; readonly scan: TargetScan } | Refused>;
  /**
   * Appends `RecordingRead` before the first line is given. The lines end early when the signal comes. `end` is for
   * `follow`; of a session that has ended nothing comes then.
   */
  readRecording(
    viewer: Viewer,
    sessionId: SessionId,
    manner: ReadingManner,
    format: ReadingFormat,
    signal: AbortSignal,
    from: ReadingStart,
  ): Promise<{ readonly ok: true; readonly lines: AsyncIterable<string> } | Refused>;
  readonly player: PlayerFace;
  reach(viewer: Viewer): Promise<readonly ReachEntry[]>;
  readonly views: ReadModels;
  readonly log: EventLog;
}
