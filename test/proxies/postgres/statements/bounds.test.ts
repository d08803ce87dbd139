import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MemoryShare, MessageMemory } from '../../../../src/proxies/postgres/message-memory.ts';
import { Answers } from '../../../../src/proxies/postgres/statements/answers.ts';
import { type Change, Names } from '../../../../src/proxies/postgres/statements/names.ts';
import { count } from '../../../kit/counts.ts';

const kilobyte = 1024;
const megabyte = 1024 * kilobyte;

describe('the memory of all connections together', () => {
  it('gives each 64 KB of its own, and what is beyond as long as there is some', () => {
    const memory = new MessageMemory(megabyte);
    const shares = Array.from({ length: 100 }, () => new MemoryShare(memory));
    expect(shares.every((share) => share.hold(64 * kilobyte))).toBe(true);
    expect(memory.taken).toBe(0);
    const [first, second] = shares as [MemoryShare, MemoryShare];
    expect(first.hold(megabyte)).toBe(true);
    expect(second.hold(128 * kilobyte + 1)).toBe(false);
    expect(second.hold(128 * kilobyte)).toBe(true);
    expect(memory.taken).toBe(megabyte);
    expect(first.hold(0)).toBe(true);
    expect(second.hold(megabyte)).toBe(true);
  });
});

describe('what is kept of prepared statements', () => {
  it('has a bound for one connection, and the unnamed one is not part of it', () => {
    const names = new Names<string>(new MessageMemory());
    expect(names.set('', 'unnamed', 20 * megabyte)).not.toBeNull();
    const taken = Array.from({ length: 9 }, (_, index) => names.set(`s${String(index)}`, 'text', megabyte - 256));
    expect(taken.map((change) => change !== null)).toEqual([...Array<boolean>(8).fill(true), false]);
    const dropped = names.drop('s0');
    expect(names.set('s8', 'text', megabyte - 256)).toBeNull();
    dropped.stands();
    expect(names.set('s8', 'text', megabyte - 256)).not.toBeNull();
  });

  it('has a bound for names without text', () => {
    const names = new Names<string>(new MessageMemory());
    let kept = 0;
    while (kept < 100_000 && names.set(`s${String(kept)}`, '', 0) !== null) kept += 1;
    expect(kept).toBe(8 * 4 * 1024);
  });

  it('has a bound for all connections, and gives everything back', () => {
    const memory = new MessageMemory(megabyte);
    const [first, second] = [new Names<string>(memory), new Names<string>(memory)];
    expect(first.set('', 'long', megabyte)).not.toBeNull();
    expect(second.set('', 'long', megabyte)).toBeNull();
    expect(second.get('')).toBeUndefined();
    first.end();
    expect(second.set('', 'long', megabyte)).not.toBeNull();
  });

  it('is given back whatever was set, dropped and undone before', () => {
    const change = fc.record({
      does: fc.constantFrom('set', 'drop', 'clear', 'undo', 'stands'),
      name: fc.constantFrom('', 'a', 'b', 'c'),
      bytes: fc.nat({ max: 300 * kilobyte }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
        const memory = new MessageMemory(megabyte);
        const names = new Names<string>(memory);
        const open: Change[] = [];
        for (const { does, name, bytes } of changes) {
          if (does === 'undo') open.pop()?.undo(0);
          else if (does === 'stands') open.shift()?.stands();
          else {
            const change =
              does === 'set' ? names.set(name, name, bytes) : does === 'drop' ? names.drop(name) : names.clear();
            if (change !== null) open.push(change);
          }
          expect(memory.taken).toBeGreaterThanOrEqual(0);
          expect(memory.taken).toBeLessThanOrEqual(megabyte);
        }
        names.end();
        expect(memory.taken).toBe(0);
      }),
      { numRuns: count(200, 5000) },
    );
  });
});

describe('what waits for its answer', () => {
  const answers = (): Answers => new Answers({ finished: () => undefined, notPrepared: () => undefined });

  it('is so many messages at the most', () => {
    const waiting = answers();
    for (let each = 0; each < 8192; each += 1) waiting.expect({ op: 'sync' });
    expect(waiting.areMany).toBe(false);
    waiting.expect({ op: 'sync' });
    expect(waiting.areMany).toBe(true);
    waiting.ready();
    expect(waiting.areMany).toBe(false);
  });

  it('is so many bytes at the most, beside what the database is at', () => {
    const waiting = answers();
    for (let each = 0; each < 2; each += 1) {
      waiting.asked(60 * megabyte);
      waiting.expect({ op: 'sync' });
    }
    expect(waiting.areMany).toBe(true);
    waiting.ready();
    expect(waiting.areMany).toBe(false);
  });

  it('is no end of COPY that nothing waits for', () => {
    const waiting = answers();
    for (let each = 0; each < 20_000; each += 1) waiting.expect({ op: 'copy-end' });
    expect(waiting.outstanding).toBe(0);
    waiting.expect({ op: 'sync' });
    for (let each = 0; each < 20_000; each += 1) waiting.expect({ op: 'copy-end' });
    expect(waiting.outstanding).toBeLessThan(3);
  });
});
