import { hash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { hashBytes } from './merkle-tree.ts';

/** How many leaves the tree had and what its root was. */
export interface Checkpoint {
  /** Names the log, for example `sallyport/<installation id>`; also the name of the key. */
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
}

export interface CheckpointSigner {
  /** Ed25519. */
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly origin: string;
}

/** Key id of C2SP signed-note for Ed25519: SHA-256(name || 0x0A || 0x01 || public key), first four bytes. */
function keyId(name: string, publicKey: KeyObject): Buffer {
  const raw = publicKey.export({ format: 'jwk' }).x;
  if (raw === undefined) throw new TypeError('a checkpoint is signed with an Ed25519 key');
  const bytes = Buffer.concat([Buffer.from(`${name}\n\u0001`), Buffer.from(raw, 'base64url')]);
  return hash('sha256', bytes, 'buffer').subarray(0, 4);
}

/** The text of a checkpoint: C2SP tlog-checkpoint (origin, size, base64 root) in a C2SP signed note. */
export function signCheckpoint(size: number, root: Uint8Array, signer: CheckpointSigner): string {
  const body = `${signer.origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
  const signature = Buffer.concat([
    keyId(signer.origin, signer.publicKey),
    sign(null, Buffer.from(body), signer.privateKey),
  ]);
  return `${body}\n\u2014 ${signer.origin} ${signature.toString('base64')}\n`;
}

const form =
  /^(?<body>(?<origin>[^\s+][^\n+]*)\n(?<size>0|[1-9]\d{0,15})\n(?<root>[A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*)\n(?<signatures>(?:\u2014 [^\n]+\n)+)$/u;

/** What a checkpoint says, without a look at its signature; undefined when the text is no checkpoint. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const parts = form.exec(text)?.groups;
  if (parts?.origin === undefined || parts.size === undefined || parts.root === undefined) return undefined;
  const root = Buffer.from(parts.root, 'base64');
  const size = Number(parts.size);
  return Number.isSafeInteger(size) && root.length === hashBytes ? { origin: parts.origin, size, root } : undefined;
}

/** The checkpoint, if one of its signatures is by this key under the checkpoint's own origin; otherwise undefined. */
export function openCheckpoint(text: string, publicKey: KeyObject): Checkpoint | undefined {
  const checkpoint = parseCheckpoint(text);
  const parts = form.exec(text)?.groups;
  if (checkpoint === undefined || parts?.body === undefined || parts.signatures === undefined) return undefined;
  const id = keyId(checkpoint.origin, publicKey);
  const body = Buffer.from(parts.body);
  const start = `\u2014 ${checkpoint.origin} `;
  const signed = parts.signatures
    .split('\n')
    .filter((line) => line.startsWith(start))
    .map((line) => Buffer.from(line.slice(start.length), 'base64'))
    .some((bytes) => bytes.subarray(0, 4).equals(id) && verify(null, body, publicKey, bytes.subarray(4)));
  return signed ? checkpoint : undefined;
}
