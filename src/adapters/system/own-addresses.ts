import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { ResolveTarget } from '../../application/ports/system.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
loopback.addAddress('0.0.0.0', 'ipv4');
loopback.addAddress('::', 'ipv6');

/** Resolves a target's name once, and tells whether it leads back to one of our own ports (security rule W5). */
export function targetResolver(ownPorts: readonly number[]): ResolveTarget {
  return async (host, port) => {
    const family = isIP(host);
    const addresses = family === 0 ? await lookup(host, { all: true }) : [{ address: host, family }];
    const leadsToUs = ownPorts.includes(port) && addresses.some(({ address }) => isThisMachine(address));
    return { addresses, leadsToUs };
  };
}

function isThisMachine(address: string): boolean {
  const [bare = '', zone] = address.split('%');
  const interfaces = networkInterfaces();
  // Whatever is asked for on the loopback interface stays here; Linux numbers it 1.
  if (zone === '1' || (zone !== undefined && interfaces[zone]?.some((own) => own.internal) === true)) return true;
  const plain = isIP(bare) === 6 ? unfolded(bare) : bare;
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
  if (loopback.check(plain, family)) return true;
  const ours = Object.values(interfaces).flatMap((addresses) => addresses ?? []);
  return ours.some((own) => own.address === plain);
}

/** The IPv4 address within an IPv6 one: compatible, mapped (RFC 4291 section 2.5.5) or translated (RFC 6052). */
function unfolded(address: string): string {
  // The URL parser writes every form of an address in one way (RFC 5952), all in hexadecimal.
  const same = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = /^(?:::|::ffff:|::ffff:0:|64:ff9b::)([0-9a-f]+):([0-9a-f]+)$/.exec(same) ?? [];
  if (high === undefined || low === undefined) return same === '64:ff9b::' ? '0.0.0.0' : same;
  return [high, low].flatMap((half) => [Number.parseInt(half, 16) >> 8, Number.parseInt(half, 16) & 0xff]).join('.');
}
