import type {
  ChannelClosed,
  ChannelOpened,
  ChannelRefused,
  FileOperationDone,
  FileRefused,
  FileTransferred,
  RecordingChunkSealed,
  RecordingRead,
  SessionEnded,
  SessionOpened,
  SessionRefused,
  StatementRefused,
  StatementsExecuted,
  TargetCertificateRefused,
  TargetHostKeyRefused,
  TargetLegOpened,
  TerminalAttached,
} from './events.ts';

export type OpenSession = { readonly type: 'open'; readonly session: SessionOpened['data'] };
export type RefuseSession = { readonly type: 'refuse'; readonly refusal: SessionRefused['data'] };
export type RefuseHostKey = { readonly type: 'refuse-host-key' } & TargetHostKeyRefused['data'];
export type RefuseCertificate = { readonly type: 'refuse-certificate' } & TargetCertificateRefused['data'];
export type OpenTargetLeg = { readonly type: 'open-target-leg' } & TargetLegOpened['data'];
export type OpenChannel = { readonly type: 'open-channel'; readonly opened: ChannelOpened['data'] };
/** Each refusal is a fact of its own, so that the same one twice is two events. */
export type RefuseChannel = { readonly type: 'refuse-channel' } & ChannelRefused['data'];
export type CloseChannel = { readonly type: 'close-channel' } & ChannelClosed['data'];
/** Each of these is a fact of its own: the same file twice is two events. */
export type NoteFile = { readonly type: 'note-file'; readonly fact: FileTransferred | FileOperationDone | FileRefused };
/** Each of these is a fact of its own: the same statement twice is two. */
export type NoteStatements = { readonly type: 'note-statements'; readonly fact: StatementsExecuted | StatementRefused };
/** Chunks are numbered from 0 without a gap; the last one may be sealed after the end. */
export type SealChunk = { readonly type: 'seal-chunk'; readonly sealed: RecordingChunkSealed['data'] };
/** Also to a terminal that has ended and is kept with its last bytes. */
export type AttachTerminal = { readonly type: 'attach-terminal' } & TerminalAttached['data'];
/** Each reading is a fact of its own; a recording is read during the session and after it. */
export type ReadRecording = { readonly type: 'read-recording' } & RecordingRead['data'];
/** The wish that the node which holds the session ends it; ordered anew when the message is another one. */
export type OrderEnd = { readonly type: 'order-end'; readonly message: string | null };
export type EndSession = { readonly type: 'end' } & Omit<SessionEnded['data'], 'userId' | 'how'> & {
    readonly how?: SessionEnded['data']['how'];
  };

export type SessionCommand =
  | OpenSession
  | RefuseSession
  | RefuseHostKey
  | RefuseCertificate
  | OpenTargetLeg
  | OpenChannel
  | RefuseChannel
  | CloseChannel
  | NoteFile
  | NoteStatements
  | SealChunk
  | AttachTerminal
  | ReadRecording
  | OrderEnd
  | EndSession;
