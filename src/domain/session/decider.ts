import type { Decider, Decision } from '../kernel/decider.ts';
import { accept, reject } from '../kernel/decider.ts';
import { sameJson } from '../kernel/json.ts';
import type {
  AttachTerminal,
  CloseChannel,
  EndSession,
  NoteFile,
  NoteStatements,
  OpenSession,
  RefuseSession,
  SealChunk,
  SessionCommand,
} from './commands.ts';
import type { ChannelOpened, SessionEvent } from './events.ts';
import type { RecordedSoFar, SessionState } from './state.ts';

export type SessionCode =
  | 'already-opened'
  | 'already-refused'
  | 'absent'
  | 'ended'
  | 'wrong-target'
  | 'leg-open'
  | 'channel-open'
  | 'chunk-gap'
  | 'invalid-chunk'
  | 'invalid-channel'
  | 'invalid-transfer'
  | 'invalid-statements'
  | 'invalid-bytes';
type SessionDecision = Decision<SessionEvent, SessionCode>;
type Open = Extract<SessionState, { status: 'open' }>;
type Begun = Extract<SessionState, { status: 'open' | 'ended' }>;

const sha256 = /^[0-9a-f]{64}$/;

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function open({ session }: OpenSession, state: SessionState): SessionDecision {
  if (state.status === 'absent') return accept({ type: 'SessionOpened', data: session });
  if (state.status === 'refused')
    return reject('already-refused', 'this session was refused; a new try is a new session');
  if (state.status === 'ended') return ended();
  if (sameJson(state.session, session)) return accept();
  return reject('already-opened', 'another session stands under this id; open one under a new id');
}

function refuseSession({ refusal }: RefuseSession, state: SessionState): SessionDecision {
  if (state.status === 'absent') return accept({ type: 'SessionRefused', data: refusal });
  if (state.status !== 'refused') return reject('already-opened', 'this session was opened: end it instead');
  if (sameJson(state.refusal, refusal)) return accept();
  return reject('already-refused', 'this session was refused already; note another refusal under a new id');
}

function ended(): SessionDecision {
  return reject('ended', 'this session has ended; nothing more happens in it');
}

function openChannel(opened: ChannelOpened['data'], state: Open): SessionDecision {
  if (!isCount(opened.channel)) return reject('invalid-channel', 'channels are numbered from 0 upwards');
  const known = state.channels[opened.channel];
  if (known === undefined) return accept({ type: 'ChannelOpened', data: opened });
  if (sameJson(known, opened)) return accept();
  return reject('channel-open', `channel ${opened.channel} is open; close it before its number is used again`);
}

function closeChannel({ type: _type, ...closed }: CloseChannel, state: Open): SessionDecision {
  if (state.channels[closed.channel] === undefined) return accept();
  return accept({ type: 'ChannelClosed', data: closed });
}

/** A transfer is noted at its end, which may come after the channel's. */
function noteFile({ fact }: NoteFile): SessionDecision {
  if (!isCount(fact.data.channel)) return reject('invalid-channel', 'channels are numbered from 0 upwards');
  if (fact.type !== 'FileTransferred') return accept(fact);
  const { from, bytes, sha256: digest, outcome, why } = fact.data;
  if (!isCount(from) || !isCount(bytes)) {
    return reject('invalid-bytes', 'a transfer covers whole numbers of bytes, from 0 upwards');
  }
  if (digest !== null && !sha256.test(digest)) {
    return reject('invalid-transfer', 'the SHA-256 of a transfer is 64 lower-case hex digits');
  }
  if (outcome === 'whole' && (digest === null || from !== 0 || why !== null)) {
    return reject('invalid-transfer', 'a whole file begins at 0 and has its SHA-256; note anything else as partial');
  }
  return accept(fact);
}

function noteStatements({ fact }: NoteStatements): SessionDecision {
  if (fact.type === 'StatementRefused') return accept(fact);
  if (fact.data.runs.length === 0) return accept();
  const whole = fact.data.runs.every(
    ({ count, rows, bytes, milliseconds }) =>
      isCount(count) && count > 0 && isCount(rows) && isCount(bytes) && isCount(milliseconds),
  );
  if (!whole) return reject('invalid-statements', 'statements are counted in whole numbers, and there is at least one');
  return accept(fact);
}

function sealChunk({ sealed }: SealChunk, { recorded }: Begun): SessionDecision {
  if (sealed.chunk < recorded.chunks) return accept();
  if (sealed.chunk !== recorded.chunks) {
    return reject(
      'chunk-gap',
      `chunk ${recorded.chunks} comes next, not ${sealed.chunk}; seal what lies between first`,
    );
  }
  if (!isCount(sealed.bytes) || !isCount(sealed.offset) || sealed.offset < recorded.endOffset) {
    return reject('invalid-chunk', `chunk ${sealed.chunk} must lie behind the chunks before it`);
  }
  if (!isCount(sealed.fromMilliseconds) || sealed.toMilliseconds < sealed.fromMilliseconds) {
    return reject('invalid-chunk', `chunk ${sealed.chunk} must cover a time from the session's start onwards`);
  }
  if (!sha256.test(sealed.sha256)) {
    return reject('invalid-chunk', `chunk ${sealed.chunk} needs its SHA-256 as 64 lower-case hex digits`);
  }
  return accept({ type: 'RecordingChunkSealed', data: sealed });
}

function attachTerminal({ passId, source, client }: AttachTerminal, state: Begun): SessionDecision {
  const last = state.status === 'open' ? (state.attached ?? state.session) : null;
  if (last?.passId === passId && last.source === source && last.client === client) return accept();
  return accept({ type: 'TerminalAttached', data: { passId, source, client } });
}

function end({ reason, how = null, message, bytesReceived, bytesSent }: EndSession, state: Begun): SessionDecision {
  if (state.status === 'ended') return accept();
  if (![bytesReceived, bytesSent].every((bytes) => bytes === null || isCount(bytes))) {
    return reject('invalid-bytes', 'a session ends with whole numbers of bytes received and sent, from 0 upwards');
  }
  const { userId } = state.session;
  return accept({ type: 'SessionEnded', data: { userId, reason, how, message, bytesReceived, bytesSent } });
}

type LiveCommand = Exclude<
  SessionCommand,
  { type: 'open' | 'refuse' | 'seal-chunk' | 'attach-terminal' | 'read-recording' | 'end' }
>;

function live(command: LiveCommand, state: Open): SessionDecision {
  switch (command.type) {
    case 'refuse-host-key': {
      const { targetId, offered, trusted, problem } = command;
      if (targetId !== state.session.targetId) return wrongTarget();
      if (state.refusedHostKey === offered) return accept();
      return accept({ type: 'TargetHostKeyRefused', data: { targetId, offered, trusted, problem } });
    }
    case 'refuse-certificate': {
      const { targetId, offered, problem } = command;
      if (targetId !== state.session.targetId) return wrongTarget();
      if (state.refusedCertificate === offered.sha256) return accept();
      return accept({ type: 'TargetCertificateRefused', data: { targetId, offered, problem } });
    }
    case 'open-target-leg': {
      const { targetId, identity } = command;
      if (targetId !== state.session.targetId) return wrongTarget();
      if (state.targetIdentity === identity) return accept();
      if (state.targetIdentity !== null) return reject('leg-open', 'the target leg stands, with another identity');
      return accept({ type: 'TargetLegOpened', data: { targetId, identity } });
    }
    case 'order-end':
      if (state.orderedEnd === command.message) return accept();
      return accept({ type: 'SessionEndOrdered', data: { message: command.message } });
    case 'open-channel':
      return openChannel(command.opened, state);
    case 'refuse-channel':
      return accept({ type: 'ChannelRefused', data: { kind: command.kind, name: command.name } });
    case 'close-channel':
      return closeChannel(command, state);
    case 'note-file':
      return noteFile(command);
    case 'note-statements':
      return noteStatements(command);
  }
}

function wrongTarget(): SessionDecision {
  return reject('wrong-target', 'this session goes to another target');
}

function decide(command: SessionCommand, state: SessionState): SessionDecision {
  if (command.type === 'open') return open(command, state);
  if (command.type === 'refuse') return refuseSession(command, state);
  if (state.status === 'absent' || state.status === 'refused') return reject('absent', 'there is no such session');
  if (command.type === 'end') return end(command, state);
  if (command.type === 'seal-chunk') return sealChunk(command, state);
  if (command.type === 'attach-terminal') return attachTerminal(command, state);
  if (command.type === 'read-recording') {
    const { sessionId, manner, format } = command;
    return accept({ type: 'RecordingRead', data: { sessionId, manner, format } });
  }
  if (state.status === 'ended') return ended();
  return live(command, state);
}

const nothingRecorded: RecordedSoFar = { chunks: 0, endOffset: 0 };

function evolve(state: SessionState, event: SessionEvent): SessionState {
  if (event.type === 'SessionRefused') return { status: 'refused', refusal: event.data };
  if (event.type === 'SessionOpened') {
    const unseen = { targetIdentity: null, refusedHostKey: null, refusedCertificate: null };
    return { status: 'open', session: event.data, ...unseen, channels: {}, recorded: nothingRecorded };
  }
  if (event.type === 'RecordingChunkSealed' && (state.status === 'open' || state.status === 'ended')) {
    const { chunk, offset, bytes } = event.data;
    return { ...state, recorded: { chunks: chunk + 1, endOffset: offset + bytes } };
  }
  if (state.status !== 'open') return state;
  return evolveOpen(state, event);
}

function evolveOpen(state: Open, event: SessionEvent): SessionState {
  switch (event.type) {
    case 'TargetHostKeyRefused':
      return { ...state, refusedHostKey: event.data.offered };
    case 'TargetCertificateRefused':
      return { ...state, refusedCertificate: event.data.offered.sha256 };
    case 'TargetLegOpened':
      return { ...state, targetIdentity: event.data.identity };
    case 'SessionEndOrdered':
      return { ...state, orderedEnd: event.data.message };
    case 'TerminalAttached':
      return { ...state, attached: event.data };
    case 'ChannelOpened':
      return { ...state, channels: { ...state.channels, [event.data.channel]: event.data } };
    case 'ChannelClosed': {
      const { [event.data.channel]: _closed, ...channels } = state.channels;
      return { ...state, channels };
    }
    case 'SessionEnded':
      return { status: 'ended', session: state.session, end: event.data, recorded: state.recorded };
    default:
      return state;
  }
}

/** One person on one account of one target: opened once, ended once. */
export const sessionDecider: Decider<SessionState, SessionCommand, SessionEvent, SessionCode> = {
  initial: { status: 'absent' },
  decide,
  evolve,
};
