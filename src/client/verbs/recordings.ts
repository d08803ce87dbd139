import { setTimeout as delay } from 'node:timers/promises';
import { Refused, UsageError } from '../errors.ts';
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
    let before = 0;
    let header = true;
    for await (const line of lines) {
      if (header) {
        header = false;
        continue;
      }
      const [at, code, text] = JSON.parse(line) as [number, string, string];
      if (!follow && speed > 0) await delay((Math.min(Math.max(0, at - before), longestPause) / speed) * 1000);
      before = at;
      if (code === 'o' && !process.stdout.write(text))
        await new Promise((resolve) => process.stdout.once('drain', resolve));
    }
    context.note(`\nEnd of ${String(id)}.`);
  },
};

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
      if (!process.stdout.write(`${line}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
    }
    if (lines === 0) throw new Refused(`session ${String(id)} has an empty recording`);
  },
};
