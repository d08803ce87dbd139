import { randomInt, randomUUID } from 'node:crypto';
import type { Ids } from '../../application/ports/system.ts';

/**
 * UUID version 7 (RFC 9562, section 5.7), rising within the process: the 12 bits after the time count within one
 * millisecond (section 6.2, method 1), and a clock set back does not make ids fall. The last 62 bits are random.
 */
export function uuidV7Ids(now: () => number = Date.now): Ids {
  let last = 0;
  let counter = 0;
  return {
    uuid() {
      const milliseconds = now();
      if (milliseconds > last) {
        last = milliseconds;
        counter = randomInt(0x800);
      } else if ((counter += 1) > 0xfff) {
        last += 1;
        counter = 0;
      }
      const time = last.toString(16).padStart(12, '0');
      // The tail of a version 4 uuid has the variant bits where version 7 has them.
      return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}${randomUUID().slice(18)}`;
    },
  };
}
