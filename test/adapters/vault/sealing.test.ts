import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { aesSealing } from '../../../src/adapters/vault/sealing.ts';

const key = randomBytes(32);
const sealing = aesSealing(key);

describe('text that is handed out sealed', () => {
  test.each(['', 'state and nonce', 'Zoë ✓'])('comes back as it was: %j', (text) => {
    const sealed = sealing.seal('round', text);
    expect(sealed).toMatch(/^[\w-]+$/);
    if (text !== '') expect(Buffer.from(sealed, 'base64url').includes(text)).toBe(false);
    expect(sealing.open('round', sealed)).toBe(text);
    expect(aesSealing(key).open('round', sealed)).toBe(text);
  });

  test('opens for its own purpose and under its own key alone', () => {
    const sealed = sealing.seal('round', 'x');
    expect(sealing.open('factor', sealed)).toBeNull();
    expect(aesSealing(randomBytes(32)).open('round', sealed)).toBeNull();
  });

  test('does not open when any byte is another one, when it is cut, or when it is spelled otherwise', () => {
    const sealed = sealing.seal('round', 'text');
    const bytes = Buffer.from(sealed, 'base64url');
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(sealing.open('round', changed.toString('base64url'))).toBeNull();
      expect(sealing.open('round', bytes.subarray(0, at).toString('base64url'))).toBeNull();
    }
    expect(sealing.open('round', `${sealed}=`)).toBeNull();
    expect(sealing.open('round', ` ${sealed}`)).toBeNull();
    expect(sealing.open('round', '')).toBeNull();
  });

  test('looks different each time', () => {
    expect(sealing.seal('round', 'x')).not.toBe(sealing.seal('round', 'x'));
  });
});
