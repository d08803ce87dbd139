import type { ProviderRefusal } from '../../application/ports/identity-providers.ts';

/** Why a provider is of no use now. The message is the detail of the refusal: no secret, nothing personal. */
export class ProviderProblem extends Error {
  override readonly name = 'ProviderProblem';
  readonly reason: ProviderRefusal;

  constructor(reason: ProviderRefusal, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
