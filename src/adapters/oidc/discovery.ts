import { type CustomFetch, customFetch, discovery, type ServerMetadata } from 'openid-client';
import { ProviderProblem } from './problem.ts';

const keptMilliseconds = 300_000;

/** The provider's own description (OpenID Connect Discovery 1.0), asked for once in five minutes, by one request at a time. */
export class Discovery {
  readonly #issuer: URL;
  readonly #clientId: string;
  #kept: { readonly metadata: ServerMetadata; readonly at: number } | null = null;
  #underWay: Promise<ServerMetadata> | null = null;

  constructor(issuer: URL, clientId: string) {
    this.#issuer = issuer;
    this.#clientId = clientId;
  }

  /** Errors: ProviderProblem, and those of openid-client. */
  async metadata(ask: CustomFetch): Promise<ServerMetadata> {
    const kept = this.#kept;
    // A clock set back makes it old, not young.
    if (kept !== null && Math.abs(Date.now() - kept.at) < keptMilliseconds) return kept.metadata;
    this.#underWay ??= this.#fetch(ask).finally(() => {
      this.#underWay = null;
    });
    return await this.#underWay;
  }

  async #fetch(ask: CustomFetch): Promise<ServerMetadata> {
    const found = await discovery(this.#issuer, this.#clientId, undefined, undefined, { [customFetch]: ask });
    const metadata = found.serverMetadata();
    // openid-client lets some addresses of issuers pass: whole discovery addresses, and those that stand for every
    // organisation of a service. Any of its customers could then say who is who.
    if (!URL.canParse(metadata.issuer) || new URL(metadata.issuer).href !== this.#issuer.href) {
      throw new ProviderProblem('untrusted', 'the discovery document names another issuer than spec.issuer');
    }
    this.#kept = { metadata, at: Date.now() };
    return metadata;
  }
}
