import type { ProviderRefusal } from '../../application/ports/identity-providers.ts';

/** Why a directory gave no fact. The message goes to the log of the process: nothing a person typed, no name, no DN. */
export class DirectoryError extends Error {
  override readonly name = 'DirectoryError';
  readonly reason: ProviderRefusal;

  constructor(reason: ProviderRefusal, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Whether another server may be asked the same: this one said nothing, or nothing that can be trusted. */
export function mayAskElsewhere(error: unknown): error is DirectoryError {
  return error instanceof DirectoryError && (error.reason === 'unavailable' || error.reason === 'untrusted');
}
