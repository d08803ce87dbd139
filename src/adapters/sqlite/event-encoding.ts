import type { EventCatalogue, NewEvent } from '../../application/ports/event-log.ts';
import type { PersonKeys } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { EventMetadata, EventSchema } from '../../domain/kernel/event.ts';
import { categoryOf } from '../../domain/kernel/ids.ts';
import type { EncodedAppend } from './log-batch.ts';
import { sealPersonal } from './personal-fields.ts';
import { plainJson } from './plain-json.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const maxEvents = 1_000;

/** The schema of a type; undefined when the catalogue does not have it. */
export function schemaOf(catalogue: EventCatalogue, type: string): EventSchema | undefined {
  return Object.hasOwn(catalogue, type) ? catalogue[type] : undefined;
}

/** What is stored of an append. Errors: those of the port, of `plainJson` and of `sealPersonal`. */
export function encodeAppend(
  catalogue: EventCatalogue,
  keys: PersonKeys,
  stream: string,
  expected: number,
  events: readonly NewEvent[],
): EncodedAppend {
  if (categoryOf(stream) === undefined) throw invalid('bad-stream', 'the stream is no id of ours: <category>-<uuid>');
  if (!Number.isSafeInteger(expected) || expected < 0)
    throw invalid('bad-version', 'the expected version is no count of events');
  if (events.length === 0 || events.length > maxEvents)
    throw invalid('bad-batch', `an append has 1 to ${maxEvents} events`);
  const encoded = events.map((event) => encodeEvent(catalogue, keys, stream, event));
  return {
    stream,
    expected,
    ids: events.map(({ id }) => id),
    types: events.map(({ type }) => type),
    metadata: encoded.map(({ metadata }) => metadata),
    data: encoded.map(({ data }) => data),
  };
}

function encodeEvent(
  catalogue: EventCatalogue,
  keys: PersonKeys,
  stream: string,
  event: NewEvent,
): { readonly metadata: string; readonly data: string } {
  const schema = schemaOf(catalogue, event.type);
  if (schema === undefined)
    throw invalid('unknown-event-type', `the log has no event type ${event.type}: add it to the catalogue`);
  if (!uuid.test(event.id)) throw invalid('bad-event-id', 'an event id is a lower-case uuid');
  if (!isObject(event.data)) throw invalid('event-not-json', `the data of ${event.type} is no object`);
  const data = sealPersonal(schema, stream, event.id, event.data, keys);
  return { metadata: encodeMetadata(schema, event.metadata), data: plainJson(data, `${event.type} data`) };
}

/** The schema version stands in the metadata, so that the tree covers it. */
function encodeMetadata(schema: EventSchema, metadata: EventMetadata): string {
  const { at, actor, correlationId, causationId } = metadata;
  if (!instant.test(at)) throw invalid('bad-time', '`at` is UTC, ISO 8601 with milliseconds');
  return plainJson({ schemaVersion: schema.version, at, actor, correlationId, causationId }, 'metadata');
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(code: string, message: string): SallyportError {
  return new SallyportError('invalid', code, `${message}; nothing was appended`);
}
