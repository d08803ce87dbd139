import type { IdentityProviderSpec } from '../../domain/provider/events.ts';
import type { Finding } from '../finding.ts';

/**
 * What is wrong with a provider of these settings and this secret (null: none), and how to mend it: asks it over the
 * network as a login would, by the same rules, and logs nobody in. Once the signal fires nothing more is dialed.
 */
export type ExamineProvider = (
  spec: IdentityProviderSpec,
  secret: string | null,
  signal: AbortSignal,
) => Promise<readonly Finding[]>;
