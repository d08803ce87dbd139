import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { plainAddress } from '../../wire/plain-address.ts';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');
loopback.addAddress('0.0.0.0', 'ipv4');
loopback.addAddress('::', 'ipv6');

/** Whether host and port lead back to one of our own ports (security rule W5); names are resolved. */
export function ownAddresses(ownPorts: readonly number[]): (host: string, port: number) => Promise<boolean> {
  return async (host, port) => {
    if (!ownPorts.includes(port)) return false;
    const addresses = isIP(host) === 0 ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];
    return addresses.some(isThisMachine);
  };
}

function isThisMachine(address: string): boolean {
  const plain = plainAddress(address);
  const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
  if (loopback.check(plain, family)) return true;
  const ours = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return ours.some((own) => own.address === plain);
}
