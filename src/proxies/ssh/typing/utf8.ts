/** Gives the code point that a byte completes, `more` inside of one, `bad` for a byte that is no UTF-8 (RFC 3629). */
export function utf8(): (byte: number) => number | 'more' | 'bad' {
  let code = 0;
  let missing = 0;
  let least = 0;
  return (byte) => {
    if (missing > 0) {
      if (byte < 0x80 || byte > 0xbf) {
        missing = 0;
        return 'bad';
      }
      code = (code << 6) | (byte & 0x3f);
      missing -= 1;
      if (missing > 0) return 'more';
      return code >= least && code <= 0x10_ffff && (code < 0xd800 || code > 0xdfff) ? code : 'bad';
    }
    if (byte < 0x80) return byte;
    if (byte < 0xc2 || byte > 0xf4) return 'bad';
    missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    least = [0, 0x80, 0x800, 0x1_0000][missing] ?? 0;
    code = byte & (0x3f >> missing);
    return 'more';
  };
}
