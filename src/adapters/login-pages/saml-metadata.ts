import type { IdentityProviders } from '../../application/ports/identity-providers.ts';
import type { PublicRoute } from '../../application/ports/http-route.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';

/** Our own metadata, for the administrator of a SAML provider (SAML Metadata section 2.4.4). Nothing of it is secret. */
export function samlMetadataRoute(providers: Pick<IdentityProviders, 'serviceMetadata'>): PublicRoute {
  return {
    method: 'GET',
    path: '/auth/saml/:name/metadata',
    access: 'public',
    handler: async (_request, { params }) => {
      const metadata = await providers.serviceMetadata(params.name ?? '');
      if (metadata === null) throw new SallyportError('absent', 'absent', 'There is no SAML provider of that name.');
      const headers = { 'content-type': 'application/samlmetadata+xml; charset=utf-8' };
      return new Response(metadata, { headers });
    },
  };
}
