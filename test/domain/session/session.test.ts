import { describe, expect, test } from 'vitest';
import type { EndSession, SessionCommand } from '../../../src/domain/session/commands.ts';
import { sessionDecider } from '../../../src/domain/session/decider.ts';
import { type RecordingChunkSealed, sessionEvents, type SessionEvent } from '../../../src/domain/session/events.ts';
import { upcast } from '../../../src/domain/kernel/upcast.ts';
import { deciderSpec } from '../kit/decider-spec.ts';
import { id } from '../kit/ids.ts';
import { publicKey } from '../kit/samples.ts';

const given = deciderSpec(sessionDecider);
const session = {
  passId: id('token'),
  userId: id('user'),
  targetId: id('target'),
  targetName: 'web-1',
  accountId: id('account'),
  accountName: 'root',
  entitlementId: id('entitlement'),
  protocol: 'ssh',
  source: '127.0.0.1',
  client: 'OpenSSH_9.9',
  group: null,
  recording: 'required',
  nodeId: id('node'),
  bootId: 'boot',
  reason: null,
} as const;
const opened: SessionEvent = { type: 'SessionOpened', data: session };
const refusal = {
  userId: id('user'),
  passId: id('token'),
  targetId: null,
  accountId: null,
  protocol: 'ssh',
  source: '127.0.0.1',
  reason: 'not-allowed',
  detail: 'no policy',
  policyVersion: null,
} as const;
const refused: SessionEvent = { type: 'SessionRefused', data: refusal };
const end: EndSession = { type: 'end', reason: 'closed-by-client', message: null, bytesReceived: 1, bytesSent: 2 };
const ended: SessionEvent = {
  type: 'SessionEnded',
  data: { userId: id('user'), reason: 'closed-by-client', how: null, message: null, bytesReceived: 1, bytesSent: 2 },
};
const hostKey = { targetId: id('target'), offered: publicKey, trusted: [], problem: null } as const;
const shown = {
  sha256: 'ab'.repeat(32),
  subject: 'CN=db1',
  issuer: 'CN=ca',
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2027-01-01T00:00:00.000Z',
  names: 'DNS:db1',
};
const certificate = { targetId: id('target'), offered: shown, problem: 'it has expired' } as const;
const leg = { targetId: id('target'), identity: publicKey } as const;
const channel = { channel: 0, kind: 'shell', name: null, pty: true, recordOffset: null } as const;
const channelOpened: SessionEvent = { type: 'ChannelOpened', data: channel };
const channelEnd = { channel: 0, exitCode: 0, signal: null, bytesReceived: 3, bytesSent: 4 };
const channelClosed: SessionEvent = { type: 'ChannelClosed', data: channelEnd };
const chunk = (number: number, change: Partial<RecordingChunkSealed['data']> = {}): RecordingChunkSealed['data'] => ({
  chunk: number,
  offset: number * 100,
  bytes: 100,
  sha256: 'a'.repeat(64),
  fromMilliseconds: number * 10,
  toMilliseconds: number * 10 + 10,
  ...change,
});
const sealed = (number: number): SessionEvent => ({ type: 'RecordingChunkSealed', data: chunk(number) });

const inOpenSession: readonly SessionCommand[] = [
  { type: 'refuse-host-key', ...hostKey },
  { type: 'refuse-certificate', ...certificate },
  { type: 'open-target-leg', ...leg },
  { type: 'open-channel', opened: channel },
  { type: 'refuse-channel', kind: 'x11', name: 'x11' },
  { type: 'close-channel', ...channelEnd },
  { type: 'order-end', message: null },
];

describe('the opening', () => {
  test('happens once', () => {
    given().when({ type: 'open', session }).thenEvents(opened);
    given(opened).when({ type: 'open', session }).thenNothing();
    given(opened)
      .when({ type: 'open', session: { ...session, source: '127.0.0.2' } })
      .thenRejected('already-opened');
    given(opened, ended).when({ type: 'open', session }).thenRejected('ended');
    given(refused).when({ type: 'open', session }).thenRejected('already-refused');
  });
  test('or is refused, once', () => {
    given().when({ type: 'refuse', refusal }).thenEvents(refused);
    given(refused).when({ type: 'refuse', refusal }).thenNothing();
    given(refused)
      .when({ type: 'refuse', refusal: { ...refusal, reason: 'unavailable' } })
      .thenRejected('already-refused');
    given(opened).when({ type: 'refuse', refusal }).thenRejected('already-opened');
    given(opened, ended).when({ type: 'refuse', refusal }).thenRejected('already-opened');
  });
});

test.each(inOpenSession)('$type: only while the session is open', (command) => {
  given().when(command).thenRejected('absent');
  given(refused).when(command).thenRejected('absent');
  given(opened, ended).when(command).thenRejected('ended');
  given(opened, channelOpened, ended).when(command).thenRejected('ended');
});

describe('the target leg', () => {
  test('is noted once', () => {
    const event: SessionEvent = { type: 'TargetLegOpened', data: leg };
    given(opened)
      .when({ type: 'open-target-leg', ...leg })
      .thenEvents(event);
    given(opened, event)
      .when({ type: 'open-target-leg', ...leg })
      .thenNothing();
    given(opened, event)
      .when({ type: 'open-target-leg', ...leg, identity: 'another' })
      .thenRejected('leg-open');
    given(opened)
      .when({ type: 'open-target-leg', ...leg, targetId: id('target', 2) })
      .thenRejected('wrong-target');
  });
  test('a refused certificate is noted once, another one again', () => {
    const event: SessionEvent = { type: 'TargetCertificateRefused', data: certificate };
    given(opened)
      .when({ type: 'refuse-certificate', ...certificate })
      .thenEvents(event);
    given(opened, event)
      .when({ type: 'refuse-certificate', ...certificate })
      .thenNothing();
    const other = { ...certificate, offered: { ...shown, sha256: 'cd'.repeat(32) } };
    given(opened, event)
      .when({ type: 'refuse-certificate', ...other })
      .thenEvents({ type: 'TargetCertificateRefused', data: other });
    given(opened)
      .when({ type: 'refuse-certificate', ...certificate, targetId: id('target', 2) })
      .thenRejected('wrong-target');
  });
  test('a refused host key is noted once', () => {
    const event: SessionEvent = { type: 'TargetHostKeyRefused', data: hostKey };
    given(opened)
      .when({ type: 'refuse-host-key', ...hostKey })
      .thenEvents(event);
    given(opened, event)
      .when({ type: 'refuse-host-key', ...hostKey })
      .thenNothing();
    given(opened)
      .when({ type: 'refuse-host-key', ...hostKey, targetId: id('target', 2) })
      .thenRejected('wrong-target');
  });
});

describe('channels', () => {
  test('open once, and their number is free again after closing', () => {
    given(opened).when({ type: 'open-channel', opened: channel }).thenEvents(channelOpened);
    given(opened, channelOpened).when({ type: 'open-channel', opened: channel }).thenNothing();
    given(opened, channelOpened)
      .when({ type: 'open-channel', opened: { ...channel, kind: 'exec' } })
      .thenRejected('channel-open');
    given(opened, channelOpened, channelClosed)
      .when({ type: 'open-channel', opened: { ...channel, kind: 'exec' } })
      .thenEvents({ type: 'ChannelOpened', data: { ...channel, kind: 'exec' } });
  });
  test.each([-1, 0.5])('have no number %d', (number) => {
    given(opened)
      .when({ type: 'open-channel', opened: { ...channel, channel: number } })
      .thenRejected('invalid-channel');
  });
  test('close once', () => {
    given(opened, channelOpened)
      .when({ type: 'close-channel', ...channelEnd })
      .thenEvents(channelClosed);
    given(opened, channelOpened, channelClosed)
      .when({ type: 'close-channel', ...channelEnd })
      .thenNothing();
    given(opened)
      .when({ type: 'close-channel', ...channelEnd })
      .thenNothing();
  });
  test('each refusal is noted', () => {
    const event: SessionEvent = { type: 'ChannelRefused', data: { kind: 'x11', name: 'x11' } };
    given(opened).when({ type: 'refuse-channel', kind: 'x11', name: 'x11' }).thenEvents(event);
    given(opened, event).when({ type: 'refuse-channel', kind: 'x11', name: 'x11' }).thenEvents(event);
  });
});

describe('the recording', () => {
  test('is sealed chunk by chunk, also the last one after the end', () => {
    given()
      .when({ type: 'seal-chunk', sealed: chunk(0) })
      .thenRejected('absent');
    given(opened)
      .when({ type: 'seal-chunk', sealed: chunk(0) })
      .thenEvents(sealed(0));
    given(opened, sealed(0))
      .when({ type: 'seal-chunk', sealed: chunk(0) })
      .thenNothing();
    given(opened, sealed(0))
      .when({ type: 'seal-chunk', sealed: chunk(2) })
      .thenRejected('chunk-gap');
    given(opened, sealed(0), ended)
      .when({ type: 'seal-chunk', sealed: chunk(1) })
      .thenEvents(sealed(1));
    given(opened, ended, sealed(0))
      .when({ type: 'seal-chunk', sealed: chunk(0) })
      .thenNothing();
  });
  test.each([
    { offset: 99 },
    { offset: 100.5 },
    { bytes: -1 },
    { fromMilliseconds: -1 },
    { fromMilliseconds: 10, toMilliseconds: 9 },
    { sha256: 'A'.repeat(64) },
    { sha256: '' },
  ])('takes no chunk with %o', (change) => {
    given(opened, sealed(0))
      .when({ type: 'seal-chunk', sealed: chunk(1, change) })
      .thenRejected('invalid-chunk');
  });
  test('each reading is noted, during the session and after', () => {
    const read = { sessionId: id('session'), manner: 'play', format: 'asciicast' } as const;
    const event: SessionEvent = { type: 'RecordingRead', data: read };
    given()
      .when({ type: 'read-recording', ...read })
      .thenRejected('absent');
    given(opened)
      .when({ type: 'read-recording', ...read })
      .thenEvents(event);
    given(opened, event, ended)
      .when({ type: 'read-recording', ...read })
      .thenEvents(event);
  });
});

describe('statements at a database', () => {
  const run = {
    statement: 'select',
    fingerprint: '348bee4e67e86ca6',
    verdict: 'allowed',
    outcome: 'done',
    error: null,
    count: 2,
    rows: 2,
    bytes: 52,
    milliseconds: 3,
    firstRecord: 4,
    lastRecord: 6,
  } as const;
  const refusedOne: SessionEvent = {
    type: 'StatementRefused',
    data: { statement: 'drop', fingerprint: null, reason: 'read-only', detail: null, recordOffset: null },
  };
  test('each is a fact of its own, in an open session only', () => {
    const executed: SessionEvent = { type: 'StatementsExecuted', data: { runs: [run] } };
    for (const fact of [executed, refusedOne] as const) {
      given(opened, fact).when({ type: 'note-statements', fact }).thenEvents(fact);
      given().when({ type: 'note-statements', fact }).thenRejected('absent');
      given(opened, ended).when({ type: 'note-statements', fact }).thenRejected('ended');
    }
  });
  test('none are no event', () => {
    given(opened)
      .when({ type: 'note-statements', fact: { type: 'StatementsExecuted', data: { runs: [] } } })
      .thenNothing();
  });
  test.each([{ count: 0 }, { rows: -1 }, { bytes: 0.5 }, { milliseconds: -1 }])('counts no %o', (change) => {
    given(opened)
      .when({
        type: 'note-statements',
        fact: { type: 'StatementsExecuted', data: { runs: [run, { ...run, ...change }] } },
      })
      .thenRejected('invalid-statements');
  });
});

describe('a page that comes back', () => {
  const { passId, source, client } = session;
  const same = { passId, source, client };
  const attached = (data: Extract<SessionEvent, { type: 'TerminalAttached' }>['data']): SessionEvent => ({
    type: 'TerminalAttached',
    data,
  });

  test.each([{ passId: id('login') }, { source: '192.0.2.99' }, { client: 'Firefox' }])(
    'is noted when it is by another login, address or browser than the last one: %o',
    (change) => {
      const other = { ...same, ...change };
      given(opened)
        .when({ type: 'attach-terminal', ...same })
        .thenNothing();
      given(opened)
        .when({ type: 'attach-terminal', ...other })
        .thenEvents(attached(other));
      given(opened, attached(other))
        .when({ type: 'attach-terminal', ...other })
        .thenNothing();
      given(opened, attached(other))
        .when({ type: 'attach-terminal', ...same })
        .thenEvents(attached(same));
    },
  );
  test('may find it ended, and never one that was not opened', () => {
    given(opened, ended)
      .when({ type: 'attach-terminal', ...same })
      .thenEvents(attached(same));
    given()
      .when({ type: 'attach-terminal', ...same })
      .thenRejected('absent');
    given(refused)
      .when({ type: 'attach-terminal', ...same })
      .thenRejected('absent');
  });
});

describe('the order to end', () => {
  test('is noted once a message', () => {
    const ordered = (message: string | null): SessionEvent => ({ type: 'SessionEndOrdered', data: { message } });
    given(opened).when({ type: 'order-end', message: null }).thenEvents(ordered(null));
    given(opened, ordered(null)).when({ type: 'order-end', message: null }).thenNothing();
    given(opened, ordered(null)).when({ type: 'order-end', message: 'now' }).thenEvents(ordered('now'));
  });
});

describe('the end', () => {
  test('comes once', () => {
    given().when(end).thenRejected('absent');
    given(refused).when(end).thenRejected('absent');
    given(opened, channelOpened).when(end).thenEvents(ended);
    given(opened, ended)
      .when({ ...end, reason: 'administrator' })
      .thenNothing();
  });
  test('may be one of which nobody knows the bytes', () => {
    given(opened)
      .when({ ...end, reason: 'node-lost', bytesReceived: null, bytesSent: null })
      .thenEvents({
        type: 'SessionEnded',
        data: {
          userId: id('user'),
          reason: 'node-lost',
          how: null,
          message: null,
          bytesReceived: null,
          bytesSent: null,
        },
      });
  });
  test('of a lost node never said how many bytes, though it was written as 0 once', () => {
    const [one, other] = ['node-lost', 'idle'].map((reason) =>
      upcast(sessionEvents.SessionEnded, 1, { ...ended.data, reason, bytesReceived: 0, bytesSent: 0 }),
    );
    expect(one).toMatchObject({ bytesReceived: null, bytesSent: null });
    expect(other).toMatchObject({ bytesReceived: 0, bytesSent: 0 });
  });
  test.each([{ bytesReceived: -1 }, { bytesSent: -1 }, { bytesSent: 0.5 }, { bytesReceived: Number.NaN }])(
    'counts no %o',
    (bytes) => {
      given(opened)
        .when({ ...end, ...bytes })
        .thenRejected('invalid-bytes');
    },
  );
});

test('an event out of place opens nothing', () => {
  given(ended).when(end).thenRejected('absent');
  given(channelOpened).when({ type: 'open-channel', opened: channel }).thenRejected('absent');
  given(sealed(0))
    .when({ type: 'seal-chunk', sealed: chunk(1) })
    .thenRejected('absent');
});
