import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { PersonKeys } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { EventSchema } from '../../domain/kernel/event.ts';
import { isShredded, shredded } from '../../domain/kernel/personal.ts';
import { plainJson } from './plain-json.ts';

type Data = Readonly<Record<string, unknown>>;

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/**
 * Data with its personal fields sealed: AES-256-GCM under the key of the person, bound to the event and the field.
 * A field is `{"sealed": base64(nonce || ciphertext || tag)}`; of a person whose key is destroyed, `{"shredded": true}`.
 */
export function sealPersonal(schema: EventSchema, stream: string, id: string, data: Data, keys: PersonKeys): Data {
  if (schema.personal === undefined) return data;
  const sealed: Record<string, unknown> = { ...data };
  for (const field of schema.personal) {
    const value = data[field];
    if (value === null || value === undefined || isShredded(value)) continue;
    if (typeof value !== 'string')
      throw new SallyportError('invalid', 'event-not-json', `the personal field ${field} is no text`);
    plainJson(value, field);
    const key = keys.keyFor(personOf(schema, stream, data), true);
    sealed[field] = key === null ? shredded : { sealed: seal(key, id, field, value) };
  }
  return sealed;
}

/** Data with its personal fields opened, or `Shredded` when the key is gone. Throws when a field does not open. */
export function openPersonal(schema: EventSchema, stream: string, id: string, data: Data, keys: PersonKeys): Data {
  if (schema.personal === undefined) return data;
  const opened: Record<string, unknown> = { ...data };
  for (const field of schema.personal) {
    const value = data[field];
    if (!isSealed(value)) continue;
    const key = keys.keyFor(personOf(schema, stream, data), false);
    opened[field] = key === null ? shredded : open(key, id, field, value.sealed);
  }
  return opened;
}

function personOf(schema: EventSchema, stream: string, data: Data): string {
  if (schema.person === undefined) return stream;
  const person = data[schema.person];
  if (typeof person === 'string' && person !== '') return person;
  throw new SallyportError(
    'invalid',
    'event-not-json',
    `the field ${schema.person} does not name the person whose data this is`,
  );
}

function seal(key: Uint8Array, id: string, field: string, text: string): string {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv(algorithm, key, nonce).setAAD(boundTo(id, field));
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function open(key: Uint8Array, id: string, field: string, sealed: string): string {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < nonceBytes + tagBytes) throw new RangeError(`the sealed field ${field} is cut short`);
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
  decipher.setAAD(boundTo(id, field)).setAuthTag(bytes.subarray(-tagBytes));
  const text = decipher.update(bytes.subarray(nonceBytes, -tagBytes));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
}

/** Event ids have one length, so that id and field can't be read in two ways. */
function boundTo(id: string, field: string): Buffer {
  return Buffer.from(`${id}:${field}`, 'utf8');
}

function isSealed(value: unknown): value is { readonly sealed: string } {
  return typeof value === 'object' && value !== null && 'sealed' in value && typeof value.sealed === 'string';
}
