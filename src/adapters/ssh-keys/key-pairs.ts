import { createPrivateKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyAlgorithm, KeyPair, KeyPairs, KeyReading } from '../../application/ports/key-pairs.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { hasBoundedDerivation } from './derivation-cost.ts';
import { isOpensshFormat, readOpenssh, writeOpensshEd25519 } from './openssh-format.ts';
import { blobProblem, publicBlobOf, publicLine } from './public-blob.ts';

/** Private keys above this are refused unread (security rule V2). */
const mostBytes = 65_536;

const makePair = promisify(generateKeyPair);

/** SSH key pairs by node:crypto. The format of what is kept is one that SSH clients read. */
export const keyPairs: KeyPairs = {
  async generate(algorithm) {
    const pair = pairOf(await newKey(algorithm));
    if (pair === null) throw new SallyportError('internal', 'key-generation', `no ${algorithm} key could be made`);
    return pair;
  },
  read(privateKey, passphrase) {
    if (Buffer.byteLength(privateKey) > mostBytes) return bad('privateKey', 'is longer than 64 KB');
    return isOpensshFormat(privateKey) ? fromOpenssh(privateKey, passphrase) : fromPem(privateKey, passphrase);
  },
};

async function newKey(algorithm: KeyAlgorithm): Promise<KeyObject> {
  switch (algorithm) {
    case 'ed25519':
      return (await makePair('ed25519')).privateKey;
    case 'rsa':
      return (await makePair('rsa', { modulusLength: 3_072 })).privateKey;
    case 'ecdsa':
      return (await makePair('ec', { namedCurve: 'P-256' })).privateKey;
  }
}

function fromOpenssh(text: string, passphrase: string | null): KeyReading {
  const key = readOpenssh(text);
  if (!key.ok) return bad('privateKey', key.message);
  const problem = blobProblem(key.publicBlob);
  if (problem !== null) return bad('privateKey', problem);
  if (key.encrypted && passphrase === null) return bad('passphrase', 'is missing: the private key is encrypted');
  if (!key.encrypted && passphrase !== null) return bad('passphrase', 'is given, but the private key is not encrypted');
  const pair = { privateKey: `${text.trim()}\n`, passphrase, publicKey: publicLine(key.publicBlob) };
  return { ok: true, pair, passphraseChecked: !key.encrypted };
}

function fromPem(text: string, passphrase: string | null): KeyReading {
  if (!/-----BEGIN (?:(?:RSA|EC|ENCRYPTED) )?PRIVATE KEY-----/.test(text)) {
    return bad('privateKey', 'is no private key in PEM or OpenSSH format');
  }
  const wrapped = text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----');
  const encrypted = wrapped || text.includes('Proc-Type: 4,ENCRYPTED');
  if (encrypted && passphrase === null) return bad('passphrase', 'is missing: the private key is encrypted');
  if (!encrypted && passphrase !== null) return bad('passphrase', 'is given, but the private key is not encrypted');
  if (wrapped && !hasBoundedDerivation(text)) {
    return bad('privateKey', 'is encrypted with more than 1,000,000 rounds of key derivation, or broken');
  }
  const key = open(text, passphrase);
  if (key === null) {
    return encrypted
      ? bad('passphrase', 'does not open the private key')
      : bad('privateKey', 'cannot be read; give the whole file, from BEGIN to END');
  }
  const pair = pairOf(key);
  if (pair === null) return bad('privateKey', 'is of a kind that is not taken; Ed25519, RSA and ECDSA are');
  const problem = blobProblem(Buffer.from(pair.publicKey.split(' ')[1] ?? '', 'base64'));
  return problem === null ? { ok: true, pair, passphraseChecked: true } : bad('privateKey', problem);
}

function open(pem: string, passphrase: string | null): KeyObject | null {
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase === null ? {} : { passphrase }) });
  } catch {
    return null;
  }
}

/** Without its own encryption: custody seals it. Null for kinds that SSH has not. */
function pairOf(key: KeyObject): KeyPair | null {
  const blob = publicBlobOf(key);
  if (blob === null) return null;
  return { privateKey: privateText(key, blob), passphrase: null, publicKey: publicLine(blob) };
}

function privateText(key: KeyObject, blob: Buffer): string {
  if (key.asymmetricKeyType === 'rsa') return key.export({ format: 'pem', type: 'pkcs1' }).toString();
  if (key.asymmetricKeyType === 'ec') return key.export({ format: 'pem', type: 'sec1' }).toString();
  const { d, x } = key.export({ format: 'jwk' });
  return writeOpensshEd25519(
    Buffer.from(d ?? '', 'base64url'),
    Buffer.from(x ?? '', 'base64url'),
    blob,
    randomBytes(4),
  );
}

function bad(field: 'privateKey' | 'passphrase', message: string): KeyReading {
  return { ok: false, field, message };
}
