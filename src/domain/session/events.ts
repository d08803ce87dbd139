import type { Protocol } from '../kernel/door.ts';
import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { AccountId, EntitlementId, NodeId, PassId, SessionId, TargetId, UserId } from '../kernel/ids.ts';
import type { IdentityEndReason } from '../kernel/pass.ts';
import type { Personal } from '../kernel/personal.ts';
import type { RecordingDuty } from '../kernel/recording-duty.ts';
import type { LearnedBy } from '../kernel/standing.ts';
import type { ChannelKind } from './channel-kind.ts';
import type { StatementRun } from './statement-run.ts';
import type { ShownCertificate } from '../kernel/shown-certificate.ts';
import type { SessionRefusalReason } from './refusal-reason.ts';

/** `target` and `account` are the ids of what was tried, allowed or not, and null when there never was any; `detail` says for the audit what the person is not told. */
export type SessionRefused = DomainEvent<
  'SessionRefused',
  {
    readonly userId: UserId;
    readonly passId: PassId;
    readonly targetId: TargetId | null;
    readonly accountId: AccountId | null;
    readonly protocol: Protocol;
    readonly source: string;
    readonly reason: SessionRefusalReason;
    readonly detail: string;
    readonly policyVersion: string | null;
  }
>;

/**
 * Names are kept as they were at the opening, so that history reads the same after a rename or removal. `reason`: what the
 * person gave as one, because a condition asked for it. `group`: the session that the same tool opened first of those it has
 * open side by side, or this one; null in what was written before there were groups.
 */
export type SessionOpened = DomainEvent<
  'SessionOpened',
  {
    readonly passId: PassId;
    readonly userId: UserId;
    readonly targetId: TargetId;
    readonly targetName: string;
    readonly accountId: AccountId;
    readonly accountName: string;
    readonly entitlementId: EntitlementId;
    readonly protocol: Protocol;
    readonly source: string;
    readonly client: string | null;
    readonly group: SessionId | null;
    readonly reason: Personal | null;
    readonly recording: RecordingDuty;
    readonly nodeId: NodeId;
    readonly bootId: string;
  }
>;

/** The target showed a key that is not trusted: nothing was sent to it. An admin confirms `offered` in `trust.hostKeys`. */
export type TargetHostKeyRefused = DomainEvent<
  'TargetHostKeyRefused',
  {
    readonly targetId: TargetId;
    /** Line of an OpenSSH public key or host certificate. */
    readonly offered: string;
    /** Lines of public keys; those of CAs begin with `@cert-authority`. */
    readonly trusted: readonly string[];
    /** What is wrong with a certificate; null for a key. */
    readonly problem: string | null;
  }
>;
/** The target showed a certificate that is not trusted: no credential was sent to it. An admin confirms `offered` in `trust.tls`. */
export type TargetCertificateRefused = DomainEvent<
  'TargetCertificateRefused',
  {
    readonly targetId: TargetId;
    readonly offered: ShownCertificate;
    /** Why it was refused. */
    readonly problem: string;
  }
>;
export type TargetLegOpened = DomainEvent<
  'TargetLegOpened',
  { readonly targetId: TargetId; readonly identity: string }
>;

/**
 * `name` says what the kind alone does not: `host:port` of a forwarding, the name of a database, the program of a file transfer whose bytes
 * are not recorded. `recordOffset` is the record in the recording that holds the command line; it never stands in an event.
 */
export type ChannelOpened = DomainEvent<
  'ChannelOpened',
  {
    readonly channel: number;
    readonly kind: ChannelKind;
    readonly name: string | null;
    readonly pty: boolean;
    readonly recordOffset: number | null;
  }
>;
export type ChannelRefused = DomainEvent<'ChannelRefused', { readonly kind: ChannelKind; readonly name: string }>;
/** Bytes from and to the person on this channel; null in what was written before they were counted. */
export type ChannelClosed = DomainEvent<
  'ChannelClosed',
  {
    readonly channel: number;
    readonly exitCode: number | null;
    readonly signal: string | null;
    readonly bytesReceived: number | null;
    readonly bytesSent: number | null;
  }
>;

export type FileDirection = 'upload' | 'download';
/**
 * One file was transferred and closed. `path` is as the client named it, made visible (escapes, newlines); its exact
 * bytes stand in the recording. `sha256` covers the `bytes` bytes from offset `from` on. `partial`: this is not known to
 * be the whole file, as it is for a resumed, truncated, broken-off or sparsely written one; then `why` says what was seen,
 * and `sha256` is null unless it covers one stretch in one piece.
 */
export type FileTransferred = DomainEvent<
  'FileTransferred',
  {
    readonly channel: number;
    readonly protocol: 'sftp' | 'scp';
    readonly direction: FileDirection;
    readonly path: string;
    readonly outcome: 'whole' | 'partial';
    readonly why: string | null;
    readonly from: number;
    readonly bytes: number;
    readonly sha256: string | null;
  }
>;
export type FileOperation = 'rename' | 'remove' | 'mkdir' | 'rmdir' | 'setstat' | 'symlink' | 'hardlink';
/** The target did something to a file; `newPath` for renames and links, `detail` for what was set. */
export type FileOperationDone = DomainEvent<
  'FileOperationDone',
  {
    readonly channel: number;
    readonly operation: FileOperation;
    readonly path: string;
    readonly newPath: string | null;
    readonly detail: string | null;
  }
>;
/**
 * It was not allowed by the entitlement, or can't be understood; nothing of it reached the target. `other`: an extension
 * of the protocol, whose name stands in `path`.
 */
export type FileRefused = DomainEvent<
  'FileRefused',
  {
    readonly channel: number;
    readonly operation: FileOperation | FileDirection | 'other';
    readonly path: string;
    readonly reason: 'direction' | 'too-large' | 'not-supported';
  }
>;

/** Statements whose answers are over, in the order of these. */
export type StatementsExecuted = DomainEvent<'StatementsExecuted', { readonly runs: readonly StatementRun[] }>;
/** The entitlement does not let it pass: the database never saw it. `reason` is the rule, `detail` what of the statement met it. */
export type StatementRefused = DomainEvent<
  'StatementRefused',
  {
    readonly statement: string;
    readonly fingerprint: string | null;
    readonly reason: string;
    readonly detail: string | null;
    readonly recordOffset: number | null;
  }
>;

/** One full chunk of the recording container: where it lies, what it hashes to, which time (ms from the start) it covers. */
export type RecordingChunkSealed = DomainEvent<
  'RecordingChunkSealed',
  {
    readonly chunk: number;
    readonly offset: number;
    readonly bytes: number;
    readonly sha256: string;
    readonly fromMilliseconds: number;
    readonly toMilliseconds: number;
  }
>;
/**
 * A page came back to the terminal of this session, or took it over: by which login, from where and with what. None while
 * these are those of whoever had it last.
 */
export type TerminalAttached = DomainEvent<
  'TerminalAttached',
  { readonly passId: PassId; readonly source: string; readonly client: string }
>;
/** Somebody read the recording; who stands in the metadata. */
export type RecordingRead = DomainEvent<
  'RecordingRead',
  { readonly sessionId: SessionId; readonly manner: 'play' | 'follow' | 'export'; readonly format: string }
>;

export type SessionEndReason =
  | 'closed-by-client'
  | 'client-lost'
  | 'closed-by-target'
  | 'target-lost'
  | 'target-unreachable'
  | 'target-login-failed'
  | 'target-host-key-refused'
  | 'target-certificate-refused'
  | 'token-revoked'
  | 'key-revoked'
  | 'login-closed'
  | 'pass-expired'
  | 'user-disabled'
  | IdentityEndReason
  | 'entitlement-lost'
  | 'target-withdrawn'
  | 'administrator'
  | 'owner'
  | 'max-session'
  | 'idle'
  | 'recording-failed'
  | 'log-unavailable'
  | 'shutdown'
  | 'node-lost'
  | 'error';
/** Somebody with the right to ordered the end; the node that holds the session carries it out. `message` is for the person. */
export type SessionEndOrdered = DomainEvent<'SessionEndOrdered', { readonly message: string | null }>;
/**
 * `message` is an administrator's word to the person, shown at the end. Bytes as the client sees them; null when the node
 * that counted them was lost. `how`: how the word of an identity provider came that this follows from; null: from none.
 */
export type SessionEnded = DomainEvent<
  'SessionEnded',
  {
    readonly userId: UserId;
    readonly reason: SessionEndReason;
    readonly how: LearnedBy | null;
    readonly message: string | null;
    readonly bytesReceived: number | null;
    readonly bytesSent: number | null;
  }
>;

export type SessionEvent =
  | SessionRefused
  | SessionOpened
  | TargetHostKeyRefused
  | TargetCertificateRefused
  | TargetLegOpened
  | ChannelOpened
  | ChannelRefused
  | ChannelClosed
  | FileTransferred
  | FileOperationDone
  | FileRefused
  | StatementsExecuted
  | StatementRefused
  | RecordingChunkSealed
  | TerminalAttached
  | RecordingRead
  | SessionEndOrdered
  | SessionEnded;

export const sessionEvents: EventSchemas<SessionEvent> = {
  SessionRefused: { version: 1 },
  SessionOpened: {
    version: 3,
    upcasts: { 1: (data) => ({ ...data, reason: null }), 2: (data) => ({ ...data, group: null }) },
    personal: ['reason'],
    person: 'userId',
  },
  TargetHostKeyRefused: { version: 2, upcasts: { 1: (data) => ({ ...data, problem: null }) } },
  TargetCertificateRefused: { version: 1 },
  TargetLegOpened: { version: 1 },
  ChannelOpened: { version: 2, upcasts: { 1: (data) => ({ ...data, name: null }) } },
  ChannelRefused: { version: 1 },
  ChannelClosed: { version: 2, upcasts: { 1: (data) => ({ ...data, bytesReceived: null, bytesSent: null }) } },
  FileTransferred: { version: 1 },
  FileOperationDone: { version: 1 },
  FileRefused: { version: 1 },
  StatementsExecuted: { version: 1 },
  StatementRefused: { version: 1 },
  RecordingChunkSealed: { version: 1 },
  TerminalAttached: { version: 1 },
  RecordingRead: { version: 1 },
  SessionEndOrdered: { version: 1 },
  // Version 1 said 0 where nobody had counted.
  SessionEnded: {
    version: 3,
    upcasts: {
      1: (data) => (data.reason === 'node-lost' ? { ...data, bytesReceived: null, bytesSent: null } : data),
      2: (data) => ({ ...data, how: null }),
    },
  },
};
