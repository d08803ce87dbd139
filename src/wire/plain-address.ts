/** An IPv4 address that a dual-stack socket shows as `::ffff:192.0.2.1` in its plain form; any other as it is. */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
