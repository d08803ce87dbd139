import { describe, expect, test } from 'vitest';
import { base32 } from '../../../src/adapters/factors/base32.ts';
import { codeAt, totpCodes } from '../../../src/adapters/factors/totp.ts';

const key = Buffer.from('12345678901234567890', 'ascii');
const at = '2026-01-02T03:04:05.000Z';
const now = Math.floor(Date.parse(at) / 30_000);

// RFC 6238, appendix B, the last 6 of 8 digits.
test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at second %i the code is %s', (second, code) => {
  expect(codeAt(key, Math.floor(second / 30))).toBe(code);
  expect(totpCodes.stepOf(key, code, new Date(second * 1000).toISOString())).toBe(Math.floor(second / 30));
});

describe('a code', () => {
  test.each([-1, 0, 1])('%i steps off counts for its own step', (off) => {
    expect(totpCodes.stepOf(key, codeAt(key, now + off), at)).toBe(now + off);
  });

  test.each([-2, 2, 10_000])('%i steps off is none', (off) => {
    expect(totpCodes.stepOf(key, codeAt(key, now + off), at)).toBeNull();
  });

  test('is six ASCII digits, with blanks or without', () => {
    const code = codeAt(key, now);
    expect(totpCodes.stepOf(key, ` ${code.slice(0, 3)} ${code.slice(3)}\t`, at)).toBe(now);
    const arabic = Array.from(code, (digit) => String.fromCodePoint(0x660 + Number(digit))).join('');
    for (const typed of ['', '0', code.slice(1), `0${code}`, `${code}0`, `+${code}`, `${code}.0`, arabic, '1e5']) {
      expect(totpCodes.stepOf(key, typed, at), typed).toBeNull();
    }
  });
});

test('an authenticator app is told the key and whose it is', () => {
  const { secret, uri } = totpCodes.shown(key, 'alice@example.org');
  expect(secret).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  expect(uri).toBe(
    'otpauth://totp/Sallyport:alice%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Sallyport&algorithm=SHA1&digits=6&period=30',
  );
});

test('keys have 160 bits and are never the same', () => {
  const [one, other] = [totpCodes.newKey(), totpCodes.newKey()];
  expect(one).toHaveLength(20);
  expect(Buffer.from(one).equals(other)).toBe(false);
});

// RFC 4648, section 10.
test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('base32 of %j is %j', (text, encoded) => {
  expect(base32(Buffer.from(text, 'ascii'))).toBe(encoded);
});
