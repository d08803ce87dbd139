import { isSshPublicKeyLine } from '../../domain/kernel/ssh-public-key.ts';

/**
 * A line as ssh-keygen or ssh-keyscan print it to `type base64`, without comment; null when it is none: the key inside
 * must be whole and of the type that the line names.
 */
export function hostKeyLine(text: string): string | null {
  const [type, base64] = text.trim().split(/\s+/);
  if (type === undefined || base64 === undefined) return null;
  const line = `${type} ${base64}`;
  if (!isSshPublicKeyLine(line)) return null;
  const blob = Buffer.from(base64, 'base64');
  if (blob.toString('base64') !== base64) return null;
  return isWhole(blob, type) ? line : null;
}

/** The fields of a key follow one another to the last byte; the first is the type (RFC 4253 section 6.6). */
function isWhole(blob: Buffer, type: string): boolean {
  const parts: Buffer[] = [];
  let offset = 0;
  while (offset < blob.length) {
    if (offset + 4 > blob.length) return false;
    const end = offset + 4 + blob.readUInt32BE(offset);
    if (end > blob.length) return false;
    parts.push(blob.subarray(offset + 4, end));
    offset = end;
  }
  if (parts[0]?.toString('latin1') !== type) return false;
  return type === 'ssh-ed25519' ? parts.length === 2 && parts[1]?.length === 32 : parts.length >= 3;
}
