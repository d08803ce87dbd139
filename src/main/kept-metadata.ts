import { randomUUID } from 'node:crypto';
import type { KeptMetadata } from '../adapters/saml/fetched-metadata.ts';
import type { Vault } from '../application/ports/vault.ts';

/**
 * The last good copy of a provider's metadata, sealed in custody: it is no secret, but whoever could alter it could log
 * in as anybody. It counts for the address it came from alone.
 */
export function keptMetadata(vault: Vault, providerId: string, url: string): KeptMetadata {
  const prefix = `metadata-${providerId}-`;
  return {
    load: async () => {
      for (const id of await vault.list(prefix)) {
        const copy = JSON.parse(Buffer.from(await vault.open(id)).toString('utf8')) as {
          readonly url: string;
          readonly xml: string;
        };
        if (copy.url === url) return copy.xml;
      }
      return null;
    },
    store: async (xml) => {
      const before = await vault.list(prefix);
      await vault.put(`${prefix}${randomUUID()}`, Buffer.from(JSON.stringify({ url, xml }), 'utf8'));
      for (const id of before) await vault.destroy(id);
    },
  };
}

/** For the start: copies of providers that are not there any more go. */
export async function sweepMetadata(vault: Vault, isThere: (providerId: string) => boolean): Promise<void> {
  for (const id of await vault.list('metadata-provider-')) {
    const providerId = /^metadata-(provider-[0-9a-f-]{36})-/.exec(id)?.[1];
    if (providerId === undefined || !isThere(providerId)) await vault.destroy(id);
  }
}
