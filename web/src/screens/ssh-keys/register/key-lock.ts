/** Whether a private key is encrypted with a password, as its text says; null: it is no private key that is known here. */
export function isEncrypted(text: string): boolean | null {
  if (text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----')) return true;
  if (text.includes('-----BEGIN OPENSSH PRIVATE KEY-----')) return opensshCipher(text);
  if (!/-----BEGIN (?:(?:RSA|EC) )?PRIVATE KEY-----/.test(text)) return null;
  return text.includes('Proc-Type: 4,ENCRYPTED');
}

/** The format's magic, then the cipher's name behind its length (OpenSSH's PROTOCOL.key); `none` is no encryption. */
function opensshCipher(text: string): boolean | null {
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]*)/.exec(text)?.[1]?.replaceAll(/\s/g, '') ?? '';
  // 24 bytes: the magic (15), the length of the name (4), `none` (4).
  if (body.length < 32) return null;
  try {
    const head = atob(body.slice(0, 32));
    return head.startsWith('openssh-key-v1\0') ? !head.slice(15).startsWith('\0\0\0\x04none') : null;
  } catch {
    return null;
  }
}
