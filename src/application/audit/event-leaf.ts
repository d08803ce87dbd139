import { hash } from 'node:crypto';

/** What the tree covers of an event: exactly the bytes that are stored, and not the position. */
export interface LeafFields {
  readonly stream: string;
  readonly streamVersion: number;
  readonly id: string;
  readonly type: string;
  /** UTF-8 JSON as stored, personal fields sealed. Text or its bytes. */
  readonly metadata: string | Uint8Array;
  readonly data: string | Uint8Array;
}

const rfc6962LeafPrefix = 0x00;
/** Says which layout follows; another layout would be another number. */
const layout = 0x01;
const fixedBytes = 2 + 8 + 5 * 4;

let scratch = Buffer.alloc(16_384);

/**
 * The leaf hash of an event (docs/protocols/log.md): SHA-256 over 0x00 (RFC 6962, section 2.1), the layout 0x01,
 * streamVersion (8 bytes, big-endian), then stream, id, type, metadata and data, each after its length in bytes
 * (4 bytes, big-endian). The lengths make it unambiguous.
 */
export function eventLeafHash(leaf: LeafFields): Buffer {
  const fields = [leaf.stream, leaf.id, leaf.type, leaf.metadata, leaf.data];
  // A UTF-16 unit is at most three bytes of UTF-8.
  const most = fields.reduce(
    (sum, field) => sum + (typeof field === 'string' ? 3 * field.length : field.length),
    fixedBytes,
  );
  if (most > scratch.length) scratch = Buffer.alloc(2 * most);
  scratch[0] = rfc6962LeafPrefix;
  scratch[1] = layout;
  scratch.writeBigUInt64BE(BigInt(leaf.streamVersion), 2);
  let at = 10;
  for (const field of fields) at = write(field, at);
  return hash('sha256', scratch.subarray(0, at), 'buffer');
}

function write(field: string | Uint8Array, at: number): number {
  let bytes: number;
  if (typeof field === 'string') {
    bytes = scratch.write(field, at + 4, 'utf8');
  } else {
    scratch.set(field, at + 4);
    bytes = field.length;
  }
  scratch.writeUInt32BE(bytes, at);
  return at + 4 + bytes;
}
