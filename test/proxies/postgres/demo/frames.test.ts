import fc from 'fast-check';
import { expect, test } from 'vitest';
import { endOfConnection, frame, FrameReader } from '../../../../src/proxies/postgres/demo/frames.ts';

test('frames are found in a stream that is cut anywhere, and the empty one among them', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 20 })), fc.integer({ min: 1, max: 30 }), (sent, size) => {
      const bytes = Buffer.concat([...sent.map(frame), endOfConnection]);
      const reader = new FrameReader();
      const found: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) found.push(...reader.push(bytes.subarray(at, at + size)));
      expect(found.map((each) => each.toString('hex'))).toEqual(
        [...sent, Buffer.alloc(0)].map((each) => Buffer.from(each).toString('hex')),
      );
    }),
  );
});
