import { createPrivateKey, createPublicKey, randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { CheckpointSigner } from '../../../src/application/audit/checkpoint.ts';
import { eventCatalogue } from '../../../src/application/event-catalogue.ts';
import type { NewEvent } from '../../../src/application/ports/event-log.ts';
import type { PersonKeys } from '../../../src/application/ports/vault.ts';
import type { StreamId } from '../../../src/domain/kernel/ids.ts';
import { openEventLog } from '../../../src/adapters/sqlite/event-log.ts';
import type { EventLogOptions, OpenEventLog } from '../../../src/adapters/sqlite/event-log.ts';

/** A key pair for tests, the same in every process. */
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
  format: 'der',
  type: 'pkcs8',
});
export const signer: CheckpointSigner = {
  privateKey,
  publicKey: createPublicKey(privateKey),
  origin: 'sallyport/test',
};

/** Keys per person in memory. */
export function personKeys(): PersonKeys {
  const keys = new Map<string, Uint8Array | null>();
  return {
    keyFor: (person, create) => {
      if (create && !keys.has(person)) keys.set(person, Buffer.from(randomUUID().replaceAll('-', ''), 'utf8'));
      return keys.get(person) ?? null;
    },
    destroy: (person) => keys.set(person, null),
  };
}

export function logOptions(folder: string, more: Partial<EventLogOptions> = {}): EventLogOptions {
  return { folder, catalogue: eventCatalogue, personKeys: personKeys(), signer, ...more };
}

/** A log that is closed when the running test has ended. */
export async function openLog(folder: string, more: Partial<EventLogOptions> = {}): Promise<OpenEventLog> {
  const log = await openEventLog(logOptions(folder, more));
  onTestFinished(() => log.close());
  return log;
}

export function nodeStream(): StreamId<'node'> {
  return `node-${randomUUID()}`;
}

export function event(type = 'NodeStarted', data: unknown = { bootId: 'b', version: '1' }): NewEvent {
  return { id: randomUUID(), type, data, metadata: metadata() };
}

export function metadata(at = '2026-01-02T03:04:05.678Z'): NewEvent['metadata'] {
  return { at, actor: { kind: 'system', nodeId: null }, correlationId: 'c', causationId: null };
}
