import { decodeQR } from 'qr/decode.js';
import { expect, test } from 'vitest';
import { totpCodes } from '../../../src/adapters/factors/totp.ts';
import { qrCode } from '../../../src/adapters/login-pages/qr-code.ts';
import { sourceOf } from '../../../src/wire/html/html.ts';

const scale = 4;

/** The drawing as a camera would see it: white, with the dark rectangles on it. */
function photographed(svg: string): { width: number; height: number; data: Uint8ClampedArray } {
  const size = Number(/viewBox="0 0 (\d+) \1"/.exec(svg)?.[1]) * scale;
  const data = new Uint8ClampedArray(size * size * 4).fill(255);
  const dark = /fill="#000" d="([^"]*)"/.exec(svg)?.[1] ?? '';
  for (const [, x, y, length] of dark.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row += 1) {
      for (let column = Number(x) * scale; column < (Number(x) + Number(length)) * scale; column += 1) {
        data.fill(0, (row * size + column) * 4, (row * size + column) * 4 + 3);
      }
    }
  }
  return { width: size, height: size, data };
}

test.each(['ann', 'änne@example.com', 'x'.repeat(200)])(
  'the key of an app for %s is read back from its drawing',
  (name) => {
    const { uri } = totpCodes.shown(new Uint8Array(20).fill(7), name);
    const svg = sourceOf(qrCode(uri, 'the key'));
    expect(decodeQR(photographed(svg), { effort: Infinity, timeLimit: Infinity })).toBe(uri);
  },
);

test('it is a picture with a name, and brings no style, script or address', () => {
  const svg = sourceOf(qrCode('otpauth://totp/x', 'the key for “<b>”'));
  expect(svg).toContain('role="img" aria-label="the key for “&lt;b&gt;”"');
  expect(svg).not.toMatch(/style|href|xmlns|otpauth/);
});
