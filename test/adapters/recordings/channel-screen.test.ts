import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChannelScreen } from '../../../src/adapters/recordings/screens/channel-screen.ts';
import { count } from '../../kit/counts.ts';
import { output } from './recording-kit.ts';

const number = fc.integer({ min: 1, max: 30 });
const parts = (...codes: readonly string[]) => fc.constantFrom(...codes.map((code) => `\u001b${code}`));

/** What programs on a terminal say: text, colours, moves, regions, both screens, saved cursors, line drawing, cut anywhere. */
const piece = fc.oneof(
  fc.string({ maxLength: 30 }).map((text) => text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '')),
  fc.constantFrom('\r\n', '\r', '\n', '\t', '\b', '表示', 'ü', '-'.repeat(40), '🙂'),
  fc.tuple(number, number).map(([row, column]) => `\u001b[${String(row)};${String(column)}H`),
  fc
    .tuple(fc.constantFrom('A', 'B', 'C', 'D', 'G', 'd', 'X', 'P', '@', 'L', 'M', 'S', 'T'), number)
    .map(([final, n]) => `\u001b[${String(n)}${final}`),
  fc.constantFrom(0, 1, 2, 3, 4, 7, 31, 92, 44, 103).map((code) => `\u001b[${String(code)}m`),
  fc.tuple(number, number).map(([top, bottom]) => `\u001b[${String(top)};${String(bottom)}r`),
  parts('[38;5;200m', '[48;2;1;2;3m', '[J', '[1J', '[2J', '[K', '[1K', '7', '8', 'M', 'D', 'E', 'H', '[g', '[3g'),
  parts('[?1049h', '[?1049l', '[?6h', '[?6l', '[?7l', '[?7h', '[4h', '[4l', '[?25l', '[?25h', '[?1h', '(0', '(B', 'c'),
);
const stream = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''));

const fed = async (screen: ChannelScreen, bytes: Uint8Array): Promise<ChannelScreen> => {
  await screen.take(output(0, bytes));
  return screen;
};

test('a screen that is begun from a kept state goes on as the one that it was kept of', async () => {
  await fc.assert(
    fc.asyncProperty(
      stream,
      stream,
      fc.integer({ min: 2, max: 40 }),
      fc.integer({ min: 1, max: 12 }),
      fc.nat(),
      async (first, then, columns, rows, cut) => {
        const all = Buffer.from(first + then);
        const at = cut % (all.length + 1);
        const start = { columns, rows, pty: true, ended: false, screen: '', text: [] };
        const whole = await fed(new ChannelScreen(start), all.subarray(0, at));
        const kept = await whole.state();
        expect(/\u001b[\]P_^X]/.test(kept.screen)).toBe(false);
        // Behind a last column that nothing was written into no cursor can be brought but by a blank there.
        fc.pre(!/H\u001b\[[\d;]*m \u001b\[[\d;]*m/.test(kept.screen));
        const again = new ChannelScreen(kept);
        expect(await again.state()).toEqual(kept);
        await fed(whole, all.subarray(at));
        await fed(again, all.subarray(at));
        expect(await again.state()).toEqual(await whole.state());
      },
    ),
    // The same sixty each time; the full count draws others.
    { numRuns: count(60, 5_000), seed: count(1, Date.now() % 2 ** 31) },
  );
});
