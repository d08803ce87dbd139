import type { BackendMessage } from './backend.ts';
import type { Reader } from './reader.ts';

/** The codes of authentication messages ("Message Formats", Authentication…). */
export const authenticationCode = { ok: 0, cleartext: 3, md5: 5, sasl: 10, saslContinue: 11, saslFinal: 12 } as const;

/** The body of an authentication message, with its data for the codes above. */
export function decodeAuthentication(read: Reader): BackendMessage {
  const code = read.int32();
  switch (code) {
    case authenticationCode.ok:
      return { type: 'authentication-ok' };
    case authenticationCode.cleartext:
      return { type: 'authentication-cleartext' };
    case authenticationCode.md5:
      return { type: 'authentication-md5', salt: read.bytes(4) };
    case authenticationCode.sasl:
      return { type: 'authentication-sasl', mechanisms: mechanismsOf(read) };
    case authenticationCode.saslContinue:
      return { type: 'authentication-sasl-continue', data: read.rest() };
    case authenticationCode.saslFinal:
      return { type: 'authentication-sasl-final', data: read.rest() };
    default:
      read.rest();
      return { type: 'authentication-other', code };
  }
}

/** Names up to an empty one. */
function mechanismsOf(read: Reader): readonly string[] {
  const mechanisms: string[] = [];
  while (true) {
    const name = read.name();
    if (name === '') return mechanisms;
    mechanisms.push(name);
  }
}
