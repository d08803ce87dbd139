import type { ResolvedTarget, ResolveTarget } from '../../application/ports/system.ts';
import { leadsInside } from '../../wire/inside-address.ts';
import { ProviderProblem } from './problem.ts';

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
  if (leadsInside(url, issuer, place.addresses)) {
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
