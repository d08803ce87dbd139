import { setTimeout as delay } from 'node:timers/promises';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import { Refused, UsageError } from '../errors.ts';
import { harmlessOutput } from '../../wire/harmless-output.ts';
import { bytesOf, channelOf, linesOf, type Recorded, recordsOf, secondsOf } from '../recorded.ts';
import { isOfDatabase, statementLines } from '../statement-lines.ts';
import { clock } from '../transcript.ts';
import { transcriptLines } from '../transcript-lines.ts';
import { positionals, textOption, type Verb } from '../verb.ts';

/** Longest pause that replay keeps, in seconds; longer ones are shortened. */
const longestPause = 2;

export const sessionsPlay: Verb = {
  name: 'sessions play',
  usage: 'ID',
  summary:
    'replay a session in this terminal, or its exact output into a pipe or file; at a database, what was asked and when',
  options: {
    follow: { type: 'boolean', help: 'watch a live session until it ends' },
    speed: { type: 'string', help: 'how many times as fast, default 1; max: without pauses' },
    from: { type: 'string', help: 'begin at this time, like 1:23:45; with --follow also `end`: only what comes' },
    channel: { type: 'string', help: 'only this channel; all of them in order of time without it' },
  },
  async run(context, given) {
    const [id = ''] = positionals(given, 'ID');
    const follow = given.options.follow === true;
    const speed = speedOf(textOption(given, 'speed') ?? '1');
    const from = textOption(given, 'from') ?? '0';
    if (from === 'end' && !follow) throw new UsageError('--from end goes with --follow');
    const start = from === 'end' ? from : secondsOf(from);
    const channel = channelOf(textOption(given, 'channel'));
    const api = await context.api();
    const show = shownHere();
    const leave = leaveTerminalPlain();
    const channels = new Set<number>();
    const gaps: string[] = [];
    let found = false;
    try {
      let before = start === 'end' ? 0 : Number(start) * 1_000;
      for await (const record of recordsOf(api, id, { manner: follow ? 'follow' : 'play', from: start, channel })) {
        found ||= record.kind !== 'gap';
        if (record.kind === 'gap') gaps.push(gapText(record));
        if (!isShown(record) && !isOfDatabase(record)) continue;
        const pause = Math.min(Math.max(0, record.at - before), longestPause * 1_000);
        before = record.at;
        channels.add(record.channel);
        if (!follow && speed !== null) await delay(pause / speed);
        await write(isOfDatabase(record) ? ended(statementLines(record)) : show(record));
      }
    } finally {
      leave();
    }
    if (channel !== undefined && !found) throw noChannel(channel, start);
    for (const gap of gaps) context.note(`\n${gap}`);
    context.note(`\nEnd of ${id}.`);
    if (channels.size > 1) {
      context.note(`Shown were channels ${[...channels].join(', ')}; --channel N plays one of them.`);
    }
  },
};

/** What is said of a place that can't be read, after the replay: standard error does not stand in its order of time. */
function gapText({ at, data = {} }: Recorded): string {
  const reason = typeof data.reason === 'string' ? visibleText(data.reason) : 'unreadable';
  if (reason === 'unfinished') return `the recording breaks off here: ${reason}`;
  return `the recording has a gap at ${clock(at)}: ${reason}`;
}

function noChannel(channel: number, start = '0'): Refused {
  const where = start === '0' ? '' : ' from there on';
  return new Refused(`the recording has no channel ${String(channel)}${where}; without --channel all are shown`);
}

/** Null: without pauses. */
function speedOf(text: string): number | null {
  const speed = text === 'max' ? 0 : Number(text);
  if (text === '' || !Number.isFinite(speed) || speed < 0) {
    throw new UsageError('--speed takes a number from 0 up, or max');
  }
  return speed === 0 ? null : speed;
}

/** Harmless on a terminal (security rule X1), each channel on its own; byte for byte into a pipe or file. */
function shownHere(): (record: Recorded) => string | Buffer {
  if (!process.stdout.isTTY) return bytesOf;
  const channels = new Map<number, (bytes: Buffer) => string>();
  return (record) => {
    let show = channels.get(record.channel);
    if (show === undefined) {
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      const harmless = harmlessOutput();
      show = (bytes) => harmless(decoder.decode(bytes, { stream: true }));
      channels.set(record.channel, show);
    }
    return show(bytesOf(record));
  };
}

/** Waits for a slow reader, so that nothing piles up here. */
async function write(text: string | Buffer): Promise<void> {
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** Whether the person saw it; standard error comes among the rest, as on a terminal. */
function isShown({ kind }: Recorded): boolean {
  return kind === 'output' || kind === 'stderr';
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

/** Lines, each with its end. */
function ended(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

const fit = 'take --as text or --as jsonl';

const formats = ['asciicast', 'jsonl', 'raw', 'text'];

export const recordingsExport: Verb = {
  name: 'recordings export',
  usage: 'ID',
  summary: 'write a recording to standard output',
  options: {
    as: {
      type: 'string',
      help: 'asciicast (v2, the default), jsonl, raw (the bytes of the output) or text (who typed or asked what)',
    },
    channel: { type: 'string', help: 'with raw and text: only this channel' },
  },
  async run(context, given) {
    const [id = ''] = positionals(given, 'ID');
    const as = textOption(given, 'as') ?? 'asciicast';
    if (!formats.includes(as)) throw new UsageError(`--as ${as} is unknown; take one of ${formats.join(', ')}`);
    const channel = channelOf(textOption(given, 'channel'));
    const byRecord = as === 'raw' || as === 'text';
    if (channel !== undefined && !byRecord) throw new UsageError(`--channel goes with --as raw and --as text`);
    const api = await context.api();
    if (byRecord) {
      let found = false;
      for await (const record of recordsOf(api, id, { manner: 'export', channel })) {
        found ||= record.kind !== 'gap';
        if (as === 'text') await write(ended(transcriptLines(record)));
        else if (isOfDatabase(record))
          throw new Refused(`session ${id} is one at a database and has no output; ${fit}`);
        else if (isShown(record)) await write(bytesOf(record));
      }
      if (channel !== undefined && !found) throw noChannel(channel);
      return;
    }
    let lines = 0;
    for await (const line of linesOf(api, id, as, { manner: 'export' })) {
      lines += 1;
      await write(`${line}\n`);
    }
    if (lines === 0) throw new Refused(`session ${id} has an empty recording`);
  },
};
