import { Reader } from './reader.ts';

/** The data of an `authentication` message that answers AuthenticationSASL; null when the client has nothing to say yet. */
export interface SaslInitialResponse {
  readonly mechanism: string;
  readonly response: Buffer | null;
}

/** Errors: ProtocolError. A SASLResponse, which follows it, is nothing but its data. */
export function decodeSaslInitialResponse(data: Buffer): SaslInitialResponse {
  const read = new Reader(data);
  const decoded = { mechanism: read.name(), response: read.value() };
  read.end();
  return decoded;
}
