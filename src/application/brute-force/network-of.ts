/**
 * The network that a source is counted as: an IPv4 address itself, of an IPv6 address its first 64 bits, which one
 * subscriber has whole (RFC 6177), for example `2001:db8:0:1::/64`. However an address is written, it is one network.
 */
export function networkOf(source: string): string {
  const plain = source
    .toLowerCase()
    .replace(/%.*$/, '')
    .replace(/^::ffff:(?=\d+\.)/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = groupsOf(head);
  const rest = groupsOf(tail ?? '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  const all = [...groups, ...Array<string>(zeros).fill('0'), ...rest];
  const first = all.slice(0, 4).map((group) => group.replace(/^0+(?=.)/, ''));
  return `${first.join(':')}::/64`;
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':');
}
