import { DirectoryError } from './errors.ts';

/** Bytes of one whole answer, all its entries together: more is a server gone wrong. */
const maxAnswer = 4 * 1024 * 1024;
const maxDepth = 16;
/** BindResponse, SearchResultDone, ExtendedResponse (RFC 4511 section 4.1.9): they begin with a result code. */
const results = new Set([0x61, 0x65, 0x78]);

const lie = (what: string): DirectoryError => new DirectoryError('untrusted', `not LDAP: ${what}`);

/** Cuts a stream of bytes into LDAPMessages (RFC 4511 section 4.1.1) of which every length has been checked. */
export interface Framing {
  /** The messages that are whole now. Throws DirectoryError at the first byte that cannot be one. */
  push(chunk: Buffer): Buffer[];
  /** A new answer begins: its bytes are counted from here. */
  restart(): void;
  /** Bytes of a message that is not whole yet. */
  waiting(): number;
}

export function makeFraming(): Framing {
  let parts: Buffer[] = [];
  let have = 0;
  let counted = 0;
  return {
    restart: () => {
      counted = 0;
    },
    waiting: () => have,
    push: (chunk) => {
      counted += chunk.length;
      if (counted > maxAnswer) throw new DirectoryError('untrusted', `an answer of more than ${maxAnswer} bytes`);
      parts.push(chunk);
      have += chunk.length;
      const whole: Buffer[] = [];
      for (;;) {
        const size = sizeOf(parts);
        if (size === null || have < size) return whole;
        const all = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
        const message = all.subarray(0, size);
        checkMessage(message);
        whole.push(message);
        have -= size;
        parts = have === 0 ? [] : [all.subarray(size)];
      }
    },
  };
}

/** Size of the message that begins here, header and all; null: too little is there to say. */
function sizeOf(parts: readonly Buffer[]): number | null {
  const first = parts[0];
  if (first === undefined) return null;
  const head = first.length >= 6 || parts.length === 1 ? first : Buffer.concat(parts);
  if (head.length < 2) return null;
  if (head[0] !== 0x30) throw lie('a message that is no sequence');
  const length = lengthAt(head, 1);
  if (length === null) return null;
  const size = length.end + length.value;
  if (size > maxAnswer) throw new DirectoryError('untrusted', `a message of ${size} bytes`);
  return size;
}

/** A definite BER length of at most four bytes, and where what it measures begins; null: cut off. */
function lengthAt(bytes: Buffer, at: number): { readonly value: number; readonly end: number } | null {
  const first = bytes[at];
  if (first === undefined) return null;
  if (first < 0x80) return { value: first, end: at + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4) throw lie('a length of no known form');
  if (bytes.length < at + 1 + count) return null;
  return { value: bytes.readUIntBE(at + 1, count), end: at + 1 + count };
}

/**
 * ldapts reads lists until their stated end, also when that lies behind the last byte, and then reads for ever; and it
 * takes a result without a code for a success. So neither reaches it.
 */
function checkMessage(message: Buffer): void {
  checkNesting(message, 0, message.length, 0);
  const outer = lengthAt(message, 1);
  const id = outer === null ? null : lengthAt(message, outer.end + 1);
  if (outer === null || id === null || message[outer.end] !== 0x02) throw lie('a message without a number');
  const operation = id.end + id.value;
  const body = lengthAt(message, operation + 1);
  if (body === null) throw lie('a message without an operation');
  const coded = message[body.end] === 0x0a && message[body.end + 1] === 0x01;
  if (results.has(message[operation] ?? 0) && !(body.value >= 3 && coded)) throw lie('a result without a code');
}

/** Every element ends inside the one that holds it. */
function checkNesting(bytes: Buffer, from: number, end: number, depth: number): void {
  if (depth > maxDepth) throw lie('too many levels');
  for (let at = from; at < end; ) {
    const tag = bytes[at] ?? 0;
    const length = lengthAt(bytes, at + 1);
    if (length === null || length.end + length.value > end) throw lie('an element longer than what holds it');
    if ((tag & 0x20) !== 0) checkNesting(bytes, length.end, length.end + length.value, depth + 1);
    at = length.end + length.value;
  }
}
