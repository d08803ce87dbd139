import { Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Inlet } from '../../../src/proxies/ssh/inlet.ts';
import { count } from '../../kit/counts.ts';
import { until } from '../../kit/until.ts';

test('every byte arrives once and in order, and is told as consumed, whenever the target opens or stalls', async () => {
  const pieces = fc.array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 6000 }), fc.boolean()), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.nat(40), async (sent, opensAfter) => {
      const got: Buffer[] = [];
      let consumed = 0;
      let ended = false;
      const target = new Writable({
        highWaterMark: 1024,
        write: (chunk: Buffer, _encoding, done) => {
          got.push(chunk);
          setImmediate(done);
        },
        final: (done) => {
          ended = true;
          done();
        },
      });
      const inlet = new Inlet((bytes) => (consumed += bytes));
      for (const [at, [data, breathes]] of sent.entries()) {
        if (at === opensAfter) inlet.open(target);
        inlet.write(Buffer.from(data));
        if (breathes) await new Promise((resolve) => setImmediate(resolve));
      }
      inlet.end();
      if (opensAfter >= sent.length) inlet.open(target);
      await until(() => ended, { what: 'the end of the input' });
      const all = Buffer.concat(sent.map(([data]) => data));
      expect(Buffer.concat(got).equals(all)).toBe(true);
      expect(consumed).toBe(all.length);
    }),
    { numRuns: count(50, 2_000) },
  );
});

test('single bytes that wait for the target take no more memory than a few times their number', () => {
  const inlet = new Inlet(() => undefined);
  const packets = 256 * 1024;
  const before = process.memoryUsage();
  // Each byte is a view of a packet of its own, as it comes from the wire.
  for (let at = 0; at < packets; at += 1) inlet.write(Buffer.alloc(64).subarray(0, 1));
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers + after.heapUsed - before.heapUsed).toBeLessThan(200 * packets);
  inlet.stop();
});
