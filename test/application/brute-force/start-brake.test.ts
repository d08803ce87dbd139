import { expect, it } from 'vitest';
import { StartBrake } from '../../../src/application/brute-force/start-brake.ts';

function brakeAt(): {
  readonly pass: (milliseconds: number) => void;
  readonly begun: (source: string, tries: number) => number;
} {
  let now = 0;
  const brake = new StartBrake(() => now);
  return {
    pass: (milliseconds) => (now += milliseconds),
    begun: (source, tries) => {
      let count = 0;
      for (let n = 0; n < tries; n += 1) {
        try {
          brake.take(source);
          count += 1;
        } catch (error) {
          expect(error).toMatchObject({ kind: 'limit', code: 'too-many-attempts' });
        }
      }
      return count;
    },
  };
}

it('one network begins 200 logins at once, then 10 a second; others go on', () => {
  const { begun, pass } = brakeAt();
  expect(begun('192.0.2.1', 1_000)).toBe(200);
  expect(begun('192.0.2.2', 50)).toBe(50);
  pass(3_000);
  expect(begun('192.0.2.1', 1_000)).toBe(30);
});

it('the addresses of one IPv6 network count together', () => {
  const { begun } = brakeAt();
  expect(begun('2001:db8::1', 150) + begun('2001:db8:0:0:5::9', 150)).toBe(200);
  expect(begun('2001:db8:0:1::1', 50)).toBe(50);
});
