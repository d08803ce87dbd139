/** Rounds of key derivation above this would hold up the whole process (security rule V2). */
const mostRounds = 1_000_000;

/**
 * True when the encryption parameters of an encrypted PKCS#8 key (RFC 5958 section 3) ask for bounded work: no number
 * in them, whatever the scheme, is above 1,000,000. False for what is no such structure.
 */
export function hasBoundedDerivation(pem: string): boolean {
  const base64 = /-----BEGIN ENCRYPTED PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END/.exec(pem)?.[1];
  if (base64 === undefined) return false;
  const outer = element(Buffer.from(base64, 'base64'), 0);
  if (outer?.tag !== 0x30) return false;
  const algorithm = element(outer.content, 0);
  return algorithm?.tag === 0x30 && isBounded(algorithm.content, 0);
}

function isBounded(bytes: Buffer, depth: number): boolean {
  if (depth > 8) return false;
  let offset = 0;
  while (offset < bytes.length) {
    const item = element(bytes, offset);
    if (item === null) return false;
    if (item.tag === 0x02 && (item.content.length > 4 || item.content.readIntBE(0, item.content.length) > mostRounds))
      return false;
    if (item.tag === 0x30 && !isBounded(item.content, depth + 1)) return false;
    offset = item.end;
  }
  return true;
}

/** One DER element (X.690 section 8.1); null when it is cut or longer than 64 KB. */
function element(bytes: Buffer, offset: number): { tag: number; content: Buffer; end: number } | null {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) return null;
  const lengthBytes = first < 0x80 ? 0 : first - 0x80;
  if (first === 0x80 || lengthBytes > 3 || offset + 2 + lengthBytes > bytes.length) return null;
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(offset + 2, lengthBytes);
  const start = offset + 2 + lengthBytes;
  const end = start + length;
  if (end > bytes.length || (tag === 0x02 && length === 0)) return null;
  return { tag, content: bytes.subarray(start, end), end };
}
