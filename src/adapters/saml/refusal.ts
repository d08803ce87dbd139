import type { ProviderRefusal } from '../../application/ports/identity-providers.ts';

/** Why an answer gives no fact. Stays inside this folder: the port hands it on as a value. */
export class SamlRefusal extends Error {
  override readonly name = 'SamlRefusal';
  readonly reason: ProviderRefusal;

  constructor(reason: ProviderRefusal, detail: string) {
    super(detail);
    this.reason = reason;
  }
}

/** The answer proves nothing. `detail` holds no secret and nothing personal. */
export function untrusted(detail: string): never {
  throw new SamlRefusal('untrusted', detail);
}

/** A value of the other side for a log line: in quotes, without control characters, at most 120 characters. */
export function quoted(value: string): string {
  return JSON.stringify(value.slice(0, 120));
}
