/** How an error is to be met; edges map kinds to HTTP, SSH, GraphQL and exit codes, each from one table. */
export type ErrorKind =
  | 'invalid'
  | 'denied'
  | 'absent'
  | 'conflict'
  | 'limit'
  | 'unavailable'
  | 'integrity'
  | 'internal';

/** An error of ours: what happened, to what, and what to do. `code` is stable and kebab-case. */
export class SallyportError extends Error {
  override readonly name = 'SallyportError';
  readonly code: string;
  readonly kind: ErrorKind;
  /** After so long it is worth another try, where that is known. */
  readonly retryAfterSeconds: number | null;

  constructor(
    kind: ErrorKind,
    code: string,
    message: string,
    options: ErrorOptions & { readonly retryAfterSeconds?: number } = {},
  ) {
    super(message, options);
    this.kind = kind;
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** A peer broke its protocol. Holds the place, never the bytes. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly code: string;
  readonly offset: number;

  constructor(code: string, offset: number, message: string) {
    super(message);
    this.code = code;
    this.offset = offset;
  }
}
