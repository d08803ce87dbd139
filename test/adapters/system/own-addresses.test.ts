import { networkInterfaces } from 'node:os';
import { expect, it } from 'vitest';
import { targetResolver } from '../../../src/adapters/system/own-addresses.ts';

const resolve = targetResolver([8443, 2222]);

async function isOwn(host: string, port: number): Promise<boolean> {
  return (await resolve(host, port)).leadsToUs;
}

const embedded = [
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::127.0.0.1',
  '64:ff9b::',
];
const zoned = ['fe80::1%lo', 'fe80::1%1', '::1%lo', '0:0:0:0:0:0:0:1'];

it.each(['127.0.0.1', '127.9.9.9', '::1', '0.0.0.0', '::', 'localhost', ...embedded, ...zoned])(
  'knows %s as this machine',
  async (host) => {
    expect(await isOwn(host, 8443)).toBe(true);
    expect(await isOwn(host, 22), 'another port of this machine may be a target').toBe(false);
  },
);

it('knows the addresses of its network interfaces', async () => {
  for (const { address } of Object.values(networkInterfaces()).flatMap((each) => each ?? [])) {
    expect(await isOwn(address, 2222), address).toBe(true);
    if (!address.includes(':')) expect(await isOwn(`64:ff9b::${address}`, 2222), address).toBe(true);
  }
});

it('leaves other machines alone', async () => {
  for (const other of ['192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1', '64:ff9b::c000:201', 'fe80::2%nowhere'])
    expect(await isOwn(other, 8443), other).toBe(false);
});

it('gives the addresses that were judged, and rejects a name that has none', async () => {
  expect(await resolve('192.0.2.1', 22)).toEqual({
    addresses: [{ address: '192.0.2.1', family: 4 }],
    leadsToUs: false,
  });
  expect((await resolve('localhost', 22)).addresses.map(({ address }) => address)).toContain('127.0.0.1');
  await expect(resolve('no-such-host.invalid', 22)).rejects.toThrow();
});
