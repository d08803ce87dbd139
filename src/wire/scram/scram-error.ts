/** Why an exchange fails; `wrong-signature` and `refused` are the server's, the others may be either side's. */
export type ScramErrorCode =
  | 'malformed'
  | 'unsupported'
  | 'downgrade'
  | 'wrong-binding'
  | 'wrong-nonce'
  | 'too-many-iterations'
  | 'wrong-signature'
  | 'refused';

/** A peer broke off or broke the exchange. The text holds nothing that the peer sent. */
export class ScramError extends Error {
  override readonly name = 'ScramError';
  readonly code: ScramErrorCode;

  constructor(code: ScramErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
