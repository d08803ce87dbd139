import { setTimeout as delay } from 'node:timers/promises';
import { Refused, UsageError } from '../errors.ts';
import { harmlessOutput } from '../harmless-output.ts';
import { positionals, textOption, type Verb } from '../verb.ts';

/** Longest pause that replay keeps, in seconds; longer ones are shortened. */
const longestPause = 2;

export const sessionsPlay: Verb = {
  name: 'sessions play',
  usage: 'ID',
  summary: 'replay a session in this terminal',
  options: {
    follow: { type: 'boolean', help: 'watch a live session until it ends' },
    speed: { type: 'string', help: 'how many times as fast, default 1; 0: without pauses' },
  },
  async run(context, given) {
    const [id] = positionals(given, 'ID');
    const follow = given.options.follow === true;
    const speed = Number(textOption(given, 'speed') ?? '1');
    if (!Number.isFinite(speed) || speed < 0) throw new UsageError('--speed takes a number from 0 up');
    const api = await context.api();
    const lines = api.lines(
      `/api/v1/recordings/${encodeURIComponent(String(id))}?as=asciicast&manner=${follow ? 'follow' : 'play'}`,
    );
    const leave = leaveTerminalPlain();
    try {
      let before = 0;
      const harmless = harmlessOutput();
      let header = true;
      for await (const line of lines) {
        if (header) {
          header = false;
          continue;
        }
        const [at, code, text] = JSON.parse(line) as [number, string, string];
        if (!follow && speed > 0) await delay((Math.min(Math.max(0, at - before), longestPause) / speed) * 1000);
        before = at;
        if (code === 'o') await write(harmless(text));
      }
    } finally {
      leave();
    }
    context.note(`\nEnd of ${String(id)}.`);
  },
};

/** Waits for a slow reader, so that nothing piles up here. */
async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** Plain characters, cursor shown, main screen, no mouse reports, no bracketed paste. */
const plainTerminal =
  '\u001b[0m\u001b[?25h\u001b[?1049l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?2004l';

/**
 * A recording may end, or be left by Ctrl-C, in the middle of a full-screen program: the function that is given leaves a
 * terminal as it should be, and writes nothing into a pipe or file.
 */
function leaveTerminalPlain(): () => void {
  if (!process.stdout.isTTY) return () => undefined;
  const interrupted = (): void => {
    process.stdout.write(`${plainTerminal}\n`, () => process.exit(130));
  };
  process.once('SIGINT', interrupted);
  return () => {
    process.off('SIGINT', interrupted);
    process.stdout.write(plainTerminal);
  };
}

const formats = ['asciicast', 'jsonl'];

export const recordingsExport: Verb = {
  name: 'recordings export',
  usage: 'ID',
  summary: 'write a recording to standard output',
  options: { as: { type: 'string', help: 'asciicast (v2, the default) or jsonl' } },
  async run(context, given) {
    const [id] = positionals(given, 'ID');
    const as = textOption(given, 'as') ?? 'asciicast';
    if (!formats.includes(as)) throw new UsageError(`--as ${as} is unknown; take one of ${formats.join(', ')}`);
    const api = await context.api();
    let lines = 0;
    for await (const line of api.lines(`/api/v1/recordings/${encodeURIComponent(String(id))}?as=${as}&manner=export`)) {
      lines += 1;
      await write(`${line}\n`);
    }
    if (lines === 0) throw new Refused(`session ${String(id)} has an empty recording`);
  },
};
