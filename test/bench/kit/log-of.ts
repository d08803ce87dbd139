import { generateKeyPairSync } from 'node:crypto';
import { openEventLog, type OpenEventLog } from '../../../src/adapters/sqlite/event-log.ts';
import type { EventCatalogue, EventLog, NewEvent } from '../../../src/application/ports/event-log.ts';
import type { EventMetadata } from '../../../src/domain/kernel/event.ts';
import { type Category, type StreamId, streamId } from '../../../src/domain/kernel/ids.ts';
import { sessionEvents } from '../../../src/domain/session/events.ts';
import { tokenEvents } from '../../../src/domain/token/events.ts';

const catalogue: EventCatalogue = { ...sessionEvents, ...tokenEvents };
const users = 1_000;
const targets = 200;
const sessionsPerToken = 3;
const chunksPerSession = 3;
const appendsInFlight = 256;

/** The log of a bench, in a folder of its own; no event in it is personal. */
export async function openBenchLog(folder: string): Promise<OpenEventLog> {
  const personKeys = { keyFor: () => null, destroy: () => {} };
  const signer = { ...generateKeyPairSync('ed25519'), origin: 'sallyport/bench' };
  return openEventLog({ folder, catalogue, personKeys, signer });
}

/**
 * Fills a log with the working days of an installation: tokens issued, sessions opened, recorded and ended. Each call
 * goes on where the one before ended, until so many events have been appended in all.
 */
export function logFiller(): (log: EventLog, events: number) => Promise<void> {
  const appends = working();
  let made = 0;
  return async (log, events) => {
    while (made < events) {
      const flight: Promise<unknown>[] = [];
      while (made < events && flight.length < appendsInFlight) {
        const next = appends.next();
        if (next.done === true) return;
        const { stream, expected, batch } = next.value;
        flight.push(log.append(stream, expected, batch));
        made += batch.length;
      }
      await Promise.all(flight);
    }
  };
}

interface Append {
  readonly stream: StreamId;
  readonly expected: number;
  readonly batch: readonly NewEvent[];
}

function* working(): IterableIterator<Append> {
  let ids = 0;
  let minute = 0;
  const id = (): string => `01890000-0000-7000-8000-${(ids += 1).toString(16).padStart(12, '0')}`;
  const of = <C extends Category>(category: C, number: number): StreamId<C> =>
    streamId(category, `01880000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`);
  for (let round = 0; ; round += 1) {
    const userId = of('user', round % users);
    const metadata = (): EventMetadata => ({
      at: new Date(Date.UTC(2026, 0, 1) + (minute += 1) * 1_000).toISOString(),
      actor: { kind: 'user', userId },
      correlationId: id(),
      causationId: null,
    });
    const event = (type: string, data: unknown): NewEvent => ({ id: id(), type, data, metadata: metadata() });
    const token = streamId('token', id());
    const expiresAt = new Date(Date.UTC(2026, 0, 1) + minute * 1_000 + 28_800_000).toISOString();
    const issued = {
      userId,
      loginId: streamId('login', id()),
      scope: { protocols: ['ssh'], targetId: null },
      expiresAt,
    };
    yield { stream: token, expected: 0, batch: [event('TemporaryTokenIssued', issued)] };
    for (let index = 0; index < sessionsPerToken; index += 1) {
      const sessionId = streamId('session', id());
      const common = {
        userId,
        targetId: of('target', (round + index) % targets),
        accountId: of('account', (round + index) % targets),
        protocol: 'ssh',
        source: '203.0.113.7',
      };
      const entitlementId = of('entitlement', round % 20);
      const admitted = {
        ...common,
        sessionId,
        entitlement: { id: entitlementId, version: 1 },
        policyVersion: 'c'.repeat(64),
        dialect: 'cel-1',
        claimsDigest: 'd'.repeat(64),
      };
      yield { stream: token, expected: 1 + index, batch: [event('SessionAdmitted', admitted)] };
      const opened = {
        ...common,
        passId: token,
        targetName: `web-${(round + index) % targets}`,
        accountName: 'deploy',
        entitlementId,
        client: 'SSH-2.0-OpenSSH_9.2',
        group: null,
        recording: 'required',
        nodeId: of('node', 1),
        bootId: 'b1',
      };
      const chunks = Array.from({ length: chunksPerSession }, (_, chunk) => ({
        chunk,
        offset: chunk * 65_536,
        bytes: 65_536,
        sha256: 'e'.repeat(64),
        fromMilliseconds: chunk * 1_000,
        toMilliseconds: (chunk + 1) * 1_000,
      }));
      const ended = { userId, reason: 'closed-by-client', message: null, bytesReceived: 4_096, bytesSent: 196_608 };
      yield {
        stream: sessionId,
        expected: 0,
        batch: [
          event('SessionOpened', opened),
          event('TargetLegOpened', { targetId: common.targetId, identity: 'SHA256:abc' }),
          event('ChannelOpened', { channel: 0, kind: 'shell', pty: true, recordOffset: null }),
          ...chunks.map((chunk) => event('RecordingChunkSealed', chunk)),
          event('ChannelClosed', { channel: 0, exitCode: 0, signal: null }),
          event('SessionEnded', ended),
        ],
      };
    }
    if (round % 4 === 0) {
      const revoked = event('TemporaryTokenRevoked', { userId, reason: 'owner', expiresAt });
      yield { stream: token, expected: 1 + sessionsPerToken, batch: [revoked] };
    }
  }
}
