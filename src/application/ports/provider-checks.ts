import type { IdentityProviderSpec } from '../../domain/provider/events.ts';

/** What stands against a field of `spec` in an IdentityProvider document; `message` never holds a secret. */
export interface ProviderProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What only those who speak with providers know of their settings. */
export interface ProviderChecks {
  /** Whose names for people its subjects are; null: not known from here, or they are unique everywhere. */
  issuerOf(spec: IdentityProviderSpec): string | null;
  /**
   * Whether a provider can be made of these settings, and whether its addresses are ours (security rule W5). Names are
   * looked up for 2 s at the most; nobody is asked anything.
   */
  problems(spec: IdentityProviderSpec): Promise<readonly ProviderProblem[]>;
}
