import { createHash } from 'node:crypto';
import type { ShownSignature } from '../../application/ports/public-keys.ts';
import { SshReader, sshString } from './ssh-encoding.ts';

/** OpenSSH's PROTOCOL.sshsig, of which there is one version. */
const magic = Buffer.from('SSHSIG', 'latin1');
const version = 1;
const longestText = 16 * 1024;
const hashes = ['sha256', 'sha512'];

/**
 * What a signature by `ssh-keygen -Y sign` claims: the key in it, and the bytes that the key must have signed for this
 * namespace and message. Null when the text is no such signature, or one for another namespace. It proves nothing yet.
 */
export function readSignatureFile(
  text: string,
  { namespace, message }: { readonly namespace: string; readonly message: string },
): ShownSignature | null {
  if (text.length > longestText) return null;
  const match = /^\s*-----BEGIN SSH SIGNATURE-----([A-Za-z0-9+/=\s]+)-----END SSH SIGNATURE-----\s*$/.exec(text);
  const bytes = Buffer.from(match?.[1] ?? '', 'base64');
  if (!bytes.subarray(0, magic.length).equals(magic)) return null;
  const parts = new SshReader(bytes.subarray(magic.length));
  if (parts.uint32() !== version) return null;
  const key = parts.string();
  const named = parts.text();
  const reserved = parts.string();
  const hash = parts.text();
  const signature = parts.string();
  if (key === null || reserved === null || hash === null || signature === null || !parts.atEnd) return null;
  if (named !== namespace || !hashes.includes(hash)) return null;
  const digest = createHash(hash).update(message, 'utf8').digest();
  const signed = Buffer.concat([magic, ...[namespace, reserved, hash, digest].map(sshString)]);
  return { algorithm: new SshReader(signature).text() ?? '', key, signed, signature };
}
