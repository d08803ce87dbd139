import { compileFilter } from '../adapters/ldap/filters.ts';
import { serverOf } from '../adapters/ldap/dial.ts';
import { readProviderMetadata } from '../adapters/saml/provider-metadata.ts';
import type { ProviderChecks, ProviderProblem } from '../application/ports/provider-checks.ts';
import type { ResolveTarget } from '../application/ports/system.ts';
import { within } from '../application/within.ts';
import type { IdentityProviderSpec, LdapConnection } from '../domain/provider/events.ts';

const lookupMilliseconds = 2_000;
const ours = 'leads back to a port of this installation';

export function providerChecks(resolve: ResolveTarget): ProviderChecks {
  /** A name that cannot be looked up now is no problem of the document: whoever dials looks again. */
  const isOurs = async (host: string, port: number): Promise<boolean> => {
    let leadsToUs = false;
    const judged = resolve(host, port).then((place) => {
      leadsToUs = place.leadsToUs;
    });
    await within(
      lookupMilliseconds,
      judged.catch(() => undefined),
    );
    return leadsToUs;
  };
  const web = async (path: ProviderProblem['path'], address: string): Promise<readonly ProviderProblem[]> => {
    const url = URL.parse(address);
    if (url === null) return [{ path, message: 'is no address of the web' }];
    const host = url.hostname.replace(/^\[|\]$/g, '');
    return (await isOurs(host, url.port === '' ? 443 : Number(url.port))) ? [{ path, message: ours }] : [];
  };
  const ldap = async (connection: LdapConnection): Promise<readonly ProviderProblem[]> => {
    const urls = connection.urls.map(async (url, index): Promise<readonly ProviderProblem[]> => {
      const path = ['spec', 'urls', index];
      try {
        const { host, port } = serverOf(url);
        return (await isOurs(host, port)) ? [{ path, message: ours }] : [];
      } catch (error) {
        return [{ path, message: (error as Error).message }];
      }
    });
    return [
      ...(await Promise.all(urls)).flat(),
      ...filter('userFilter', connection.userFilter, 'username'),
      ...filter('groupFilter', connection.groupFilter, 'dn'),
    ];
  };
  return {
    issuerOf: ({ connection }) => {
      if (connection.type === 'oidc') return connection.issuer;
      const isXml = connection.type === 'saml' && connection.metadata.startsWith('<');
      return isXml ? readProviderMetadata(connection.metadata).entityId : null;
    },
    problems: async ({ connection }: IdentityProviderSpec) => {
      if (connection.type === 'oidc') return await web(['spec', 'issuer'], connection.issuer);
      if (connection.type === 'ldap') return await ldap(connection);
      const path = ['spec', 'metadata'];
      if (connection.metadata.startsWith('https://')) return await web(path, connection.metadata);
      return metadata(path, connection.metadata);
    },
  };
}

function filter(field: string, text: string | null, place: 'username' | 'dn'): readonly ProviderProblem[] {
  if (text === null) return [];
  try {
    compileFilter(text, place);
    return [];
  } catch (error) {
    return [{ path: ['spec', field], message: (error as Error).message }];
  }
}

function metadata(path: ProviderProblem['path'], xml: string): readonly ProviderProblem[] {
  try {
    readProviderMetadata(xml);
    return [];
  } catch (error) {
    return [{ path, message: (error as Error).message }];
  }
}
