import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

/** What an honest browser and authenticator would say, to be changed for attacks. */
export interface Ceremony {
  readonly origin: string;
  readonly rpId: string;
  readonly type: string;
  readonly challenge: string;
  readonly crossOrigin: boolean;
  /** Somebody is there. */
  readonly present: boolean;
  readonly counter: number;
  /** `statement` is made over authenticator data and the digest of the client data (section 6.5). */
  readonly attestation: { readonly format: string; readonly statement: (signed: Buffer) => Cbor };
}

export interface SoftwareAuthenticator {
  readonly credentialId: string;
  /** Answers PublicKeyCredentialCreationOptions, both as JSON (Web Authentication Level 3, section 5.1.8). */
  create(options: string, over?: Partial<Ceremony>): string;
  /** Answers PublicKeyCredentialRequestOptions with the next counter (section 5.1.10). */
  get(options: string, over?: Partial<Ceremony>): string;
}

/** A passkey in software: ES256, no attestation. `counts` false: one that reports 0 for ever, as synced passkeys do. */
export function softwareAuthenticator(origin: string, counts = true): SoftwareAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  const credentialId = id.toString('base64url');
  let counter = 0;
  const said = (options: { readonly challenge: string }, rpId: string, type: string): Ceremony => ({
    origin,
    rpId,
    type,
    challenge: options.challenge,
    crossOrigin: false,
    present: true,
    counter: counts ? (counter += 1) : 0,
    attestation: { format: 'none', statement: () => new Map() },
  });
  return {
    credentialId,
    create: (text, over = {}) => {
      const options = JSON.parse(text) as { readonly challenge: string; readonly rp: { readonly id: string } };
      const ceremony = { ...said(options, options.rp.id, 'webauthn.create'), ...over };
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const attested = Buffer.concat([Buffer.alloc(16), length, id, cbor(coseKey(publicKey))]);
      const { format, statement } = ceremony.attestation;
      const authData = Buffer.concat([authenticatorData(ceremony, 0x40), attested]);
      const attestationObject = cbor(
        new Map<Cbor, Cbor>([
          ['fmt', format],
          ['attStmt', statement(Buffer.concat([authData, digestOf(clientData(ceremony))]))],
          ['authData', authData],
        ]),
      );
      return credential(credentialId, {
        clientDataJSON: clientData(ceremony).toString('base64url'),
        attestationObject: attestationObject.toString('base64url'),
        transports: ['internal'],
      });
    },
    get: (text, over = {}) => {
      const options = JSON.parse(text) as { readonly challenge: string; readonly rpId: string };
      const ceremony = { ...said(options, options.rpId, 'webauthn.get'), ...over };
      const data = clientData(ceremony);
      const authData = authenticatorData(ceremony, 0);
      const signed = Buffer.concat([authData, digestOf(data)]);
      return credential(credentialId, {
        clientDataJSON: data.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, privateKey).toString('base64url'),
      });
    },
  };
}

function credential(id: string, response: object): string {
  const rest = { clientExtensionResults: {}, authenticatorAttachment: 'platform' };
  return JSON.stringify({ id, rawId: id, type: 'public-key', response, ...rest });
}

function clientData({ type, challenge, origin, crossOrigin }: Ceremony): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin }), 'utf8');
}

function digestOf(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}

/** Section 6.1. */
function authenticatorData({ rpId, present, counter }: Ceremony, more: number): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  const flags = Buffer.from([(present ? 0x01 : 0) | more]);
  return Buffer.concat([createHash('sha256').update(rpId).digest(), flags, count]);
}

/** RFC 9053, section 7.1.1: an ES256 key on P-256. */
function coseKey(key: KeyObject): Cbor {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return new Map<Cbor, Cbor>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, Buffer.from(x, 'base64url')],
    [-3, Buffer.from(y, 'base64url')],
  ]);
}

export type Cbor = number | string | Buffer | readonly Cbor[] | ReadonlyMap<Cbor, Cbor>;

/** RFC 8949, as much of it as authenticators write. */
function cbor(value: Cbor): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value, 'utf8')]);
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map) {
    const pairs = [...(value as ReadonlyMap<Cbor, Cbor>)].flatMap(([key, inner]) => [cbor(key), cbor(inner)]);
    return Buffer.concat([head(5, pairs.length / 2), ...pairs]);
  }
  const list = value as readonly Cbor[];
  return Buffer.concat([head(4, list.length), ...list.map(cbor)]);
}

function head(major: number, argument: number): Buffer {
  const first = major << 5;
  if (argument < 24) return Buffer.from([first | argument]);
  if (argument < 256) return Buffer.from([first | 24, argument]);
  return Buffer.from([first | 25, argument >> 8, argument & 255]);
}
