import { BlockList, isIP } from 'node:net';
import type { ResolvedTarget, ResolveTarget } from '../../application/ports/system.ts';
import { ProviderProblem } from './problem.ts';

/** Loopback, this host and link-local, as IPv4 (RFC 6890), as IPv6 (RFC 4291), and translated (RFC 6052). */
const inside = new BlockList();
inside.addSubnet('127.0.0.0', 8, 'ipv4');
inside.addSubnet('0.0.0.0', 8, 'ipv4');
inside.addSubnet('169.254.0.0', 16, 'ipv4');
inside.addAddress('::1', 'ipv6');
inside.addAddress('::', 'ipv6');
inside.addSubnet('fe80::', 10, 'ipv6');
inside.addSubnet('64:ff9b::', 96, 'ipv6');

/**
 * Where a request to the provider goes, looked up once (security rule W5): never to our own ports. The administrator
 * wrote the issuer and may have meant loopback; any other host is the provider's word, and leads nowhere inside.
 * Errors: ProviderProblem.
 */
export async function placeOf(url: URL, issuer: URL, resolve: ResolveTarget): Promise<ResolvedTarget> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = url.port === '' ? 443 : Number(url.port);
  const place = await resolve(host, port).catch((error: unknown) => {
    throw new ProviderProblem('unavailable', `the host name of ${where(url)} can't be resolved`, { cause: error });
  });
  if (place.leadsToUs) {
    throw new ProviderProblem('untrusted', `${where(url)} leads back to a port of this installation`);
  }
  if (url.hostname !== issuer.hostname && place.addresses.some(({ address }) => isInside(address))) {
    throw new ProviderProblem(
      'untrusted',
      `the provider names ${where(url)}, another host than its own, with a loopback or link-local address`,
    );
  }
  return place;
}

/** Without path and query: those may hold what is not for a log. */
export function where(url: URL): string {
  return url.origin;
}

function isInside(address: string): boolean {
  const [bare = ''] = address.split('%');
  return inside.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}
