import { SshReader, sshString } from './ssh-encoding.ts';

/** OpenSSH's PROTOCOL.key. */
const magic = Buffer.from('openssh-key-v1\0', 'latin1');
const header = '-----BEGIN OPENSSH PRIVATE KEY-----';
const footer = '-----END OPENSSH PRIVATE KEY-----';

/** bcrypt rounds above this take seconds for each login to a target (security rule V2); ssh-keygen takes 24. */
const mostRounds = 256;

export type OpensshKey =
  | { readonly ok: true; readonly publicBlob: Buffer; readonly encrypted: boolean }
  | { readonly ok: false; readonly message: string };

export function isOpensshFormat(text: string): boolean {
  return text.trimStart().startsWith(header);
}

/** The public half and whether the private half is encrypted. */
export function readOpenssh(text: string): OpensshKey {
  const broken = {
    ok: false,
    message: 'is no whole OpenSSH private key; give the file as ssh-keygen wrote it',
  } as const;
  const body = text.trim().replaceAll(/\r?\n/g, '');
  if (!body.endsWith(footer)) return broken;
  const base64 = body.slice(header.length, -footer.length);
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return broken;
  const bytes = Buffer.from(base64, 'base64');
  if (!bytes.subarray(0, magic.length).equals(magic)) return broken;
  const reader = new SshReader(bytes.subarray(magic.length));
  const cipher = reader.text();
  const derivation = reader.text();
  const options = reader.string();
  const count = reader.uint32();
  const publicBlob = reader.string();
  const privatePart = reader.string();
  if (cipher === null || options === null || publicBlob === null || privatePart === null) return broken;
  if (count !== 1) return { ok: false, message: 'must hold exactly one key' };
  if (cipher === 'none')
    return isPlainPart(privatePart, publicBlob) ? { ok: true, publicBlob, encrypted: false } : broken;
  if (derivation !== 'bcrypt')
    return { ok: false, message: 'is encrypted in an unknown way; write it anew with ssh-keygen -p' };
  const derivationOptions = new SshReader(options);
  const salt = derivationOptions.string();
  const rounds = derivationOptions.uint32();
  if (salt === null || rounds === null) return broken;
  if (rounds > mostRounds) {
    return {
      ok: false,
      message: `has more than ${mostRounds} rounds of key derivation; write it anew with ssh-keygen -p -a 24`,
    };
  }
  return { ok: true, publicBlob, encrypted: true };
}

/** Both check numbers are the same, and the type is that of the public half. */
function isPlainPart(privatePart: Buffer, publicBlob: Buffer): boolean {
  const reader = new SshReader(privatePart);
  const check = reader.uint32();
  if (check === null || check !== reader.uint32()) return false;
  return reader.text() === new SshReader(publicBlob).text();
}

/** An Ed25519 key pair in OpenSSH format, not encrypted: SSH clients read it in no other. `seed` has 32 bytes. */
export function writeOpensshEd25519(seed: Buffer, publicKey: Buffer, publicBlob: Buffer, check: Buffer): string {
  const part = Buffer.concat([
    check,
    check,
    sshString('ssh-ed25519'),
    sshString(publicKey),
    sshString(Buffer.concat([seed, publicKey])),
    sshString(''),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (part.length % 8)) % 8 }, (_, index) => index + 1));
  const bytes = Buffer.concat([
    magic,
    sshString('none'),
    sshString('none'),
    sshString(''),
    Buffer.of(0, 0, 0, 1),
    sshString(publicBlob),
    sshString(Buffer.concat([part, padding])),
  ]);
  const lines = bytes.toString('base64').match(/.{1,70}/g) ?? [];
  return [header, ...lines, footer, ''].join('\n');
}
