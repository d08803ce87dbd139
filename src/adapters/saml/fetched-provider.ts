import type { ProviderAnswer, RedirectProvider } from '../../application/ports/identity-providers.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import type { FetchedMetadata } from './fetched-metadata.ts';
import { samlProvider, type SamlSettings } from './saml-provider.ts';

/** A SAML provider whose metadata stands at an address. */
export function fetchedSamlProvider(
  settings: Omit<SamlSettings, 'metadata'>,
  metadata: FetchedMetadata,
  now: () => number,
): RedirectProvider {
  const by = (xml: string): RedirectProvider => samlProvider({ ...settings, metadata: xml }, now);
  return {
    begin: async () => await by(await metadata.current()).begin(),
    finish: async (answer, pending) => {
      const xml = await metadata.standing().catch((error: unknown) => noMetadata(error));
      if (typeof xml !== 'string') return xml;
      return await by(xml).finish(answer, pending);
    },
    logout: async (subject) => await by(await metadata.standing()).logout(subject),
  };
}

function noMetadata(error: unknown): ProviderAnswer {
  if (!(error instanceof SallyportError)) throw error;
  return { ok: false, reason: 'unavailable', detail: error.message };
}
