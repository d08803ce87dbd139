import type { Reader } from '../codec/wire.ts';

/** File attributes of SFTP version 3 (section 5); null for what was not sent. Sizes above 2^53 read as Infinity. */
export interface Attributes {
  readonly size: number | null;
  readonly owner: readonly [user: number, group: number] | null;
  readonly permissions: number | null;
  readonly times: readonly [access: number, modification: number] | null;
}

const flag = { size: 1, owner: 2, permissions: 4, times: 8, extended: 0x8000_0000 };

/** A whole number of 64 bits; null when JavaScript can't hold it exactly. */
export function readUint64(read: Reader): number | null {
  const value = read.uint32() * 2 ** 32 + read.uint32();
  return Number.isSafeInteger(value) ? value : null;
}

export function readAttributes(read: Reader): Attributes {
  const flags = read.uint32();
  const size = (flags & flag.size) === 0 ? null : (readUint64(read) ?? Infinity);
  const owner = (flags & flag.owner) === 0 ? null : ([read.uint32(), read.uint32()] as const);
  const permissions = (flags & flag.permissions) === 0 ? null : read.uint32();
  const times = (flags & flag.times) === 0 ? null : ([read.uint32(), read.uint32()] as const);
  if ((flags & flag.extended) !== 0) {
    for (let left = read.uint32(); left > 0; left -= 1) {
      read.string();
      read.string();
    }
  }
  return { size, owner, permissions, times };
}

/** What a change of attributes sets, as text: `size 5, mode 0644`. */
export function describeAttributes({ size, owner, permissions, times }: Attributes): string {
  const parts: string[] = [];
  if (size !== null) parts.push(`size ${size}`);
  if (permissions !== null) parts.push(`mode ${(permissions & 0o7777).toString(8).padStart(4, '0')}`);
  if (owner !== null) parts.push(`owner ${owner[0]}:${owner[1]}`);
  if (times !== null) parts.push(`modified ${new Date(times[1] * 1000).toISOString()}`);
  return parts.join(', ');
}
