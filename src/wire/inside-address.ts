import { BlockList, isIP } from 'node:net';

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
 * Whether `url`, which a server at `known` names, leads inside by another host than its own (security rule W5): whoever
 * wrote `known` down may have meant loopback; any other host is the server's word. `addresses`: where `url` leads.
 */
export function leadsInside(url: URL, known: URL, addresses: readonly { readonly address: string }[]): boolean {
  return url.hostname !== known.hostname && addresses.some(({ address }) => isInside(address));
}

function isInside(address: string): boolean {
  const [bare = ''] = address.split('%');
  return inside.check(bare, isIP(bare) === 6 ? 'ipv6' : 'ipv4');
}
