import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { ResolveTarget } from '../../application/ports/system.ts';
import { plainAddress } from '../../wire/plain-address.ts';

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
  const plain = plainAddress(address);
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
  if (loopback.check(plain, family)) return true;
  const ours = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return ours.some((own) => own.address === plain);
}
