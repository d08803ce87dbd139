import type { EventCatalogue } from '../../application/ports/event-log.ts';
import type { PersonKeys } from '../../application/ports/vault.ts';
import { upcast } from '../../domain/kernel/upcast.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { EventMetadata, StoredEvent } from '../../domain/kernel/event.ts';
import type { StreamId } from '../../domain/kernel/ids.ts';
import { isObject, schemaOf } from './event-encoding.ts';
import { openPersonal } from './personal-fields.ts';
import { positionOf } from './position.ts';

/** A row of `events`. */
export interface EventRow {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly id: Buffer;
  readonly type: string;
  readonly metadata: string;
  readonly data: string;
}

/**
 * The event of a row in its newest schema version, personal fields opened.
 * Errors: `integrity`, `event-unreadable` naming the position; what `PersonKeys` throws passes through.
 */
export function decodeEvent(catalogue: EventCatalogue, keys: PersonKeys, row: EventRow): StoredEvent {
  const schema = schemaOf(catalogue, row.type);
  if (schema === undefined) throw unreadable(row, `this program does not know the type ${row.type}`);
  const id = idText(row.id);
  try {
    const { schemaVersion, ...metadata } = JSON.parse(row.metadata) as EventMetadata & {
      readonly schemaVersion: number;
    };
    const stored: unknown = JSON.parse(row.data);
    if (!isObject(stored)) throw new TypeError('the data is no object');
    const data = upcast(schema, schemaVersion, openPersonal(schema, row.stream, id, stored, keys));
    return {
      id,
      position: positionOf(row.position),
      stream: row.stream as StreamId,
      streamVersion: row.version,
      type: row.type,
      schemaVersion: schema.version,
      data,
      metadata,
    };
  } catch (error) {
    if (error instanceof SallyportError && error.kind === 'unavailable') throw error;
    throw unreadable(row, 'its body is damaged or of a newer version', error);
  }
}

/** `at` of a row, whatever its type and data are. Errors: `integrity`, `event-unreadable`. */
export function atOf(row: EventRow): string {
  try {
    return (JSON.parse(row.metadata) as EventMetadata).at;
  } catch (error) {
    throw unreadable(row, 'its metadata is damaged', error);
  }
}

/** The uuid of 16 bytes. */
export function idText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function unreadable(row: EventRow, why: string, cause?: unknown): SallyportError {
  const message = `the event at ${positionOf(row.position)} (${row.stream}) can't be read: ${why}; run "audit verify"`;
  return new SallyportError('integrity', 'event-unreadable', message, { cause });
}
