import { writeSync } from 'node:fs';
import { openEventLog } from '../../../src/adapters/sqlite/event-log.ts';
import type { StreamId } from '../../../src/domain/kernel/ids.ts';
import { event, logOptions, nodeStream } from './log-kit.ts';

// A process that appends: node log-child.ts FOLDER own|STREAM. `own`: eight writers, each on streams of its own, until
// killed. A stream: 100 events on it, in a race with others. One line "stream version id" for each acknowledged event.

const [folder, wish] = process.argv.slice(2);
if (folder === undefined || wish === undefined) throw new Error('usage: log-child FOLDER own|STREAM');
const log = await openEventLog(logOptions(folder));

function acknowledged(stream: string, version: number, id: string): void {
  // Straight to the pipe: what is printed was acknowledged, whatever happens next.
  writeSync(1, `${stream} ${version} ${id}\n`);
}

async function writeOwn(): Promise<never> {
  const stream = nodeStream();
  for (let version = 0; ; version += 2) {
    const events = [event(), event()];
    const result = await log.append(stream, version, events);
    if (!result.ok) throw new Error('somebody else wrote to my stream');
    for (const [index, { id }] of events.entries()) acknowledged(stream, version + index + 1, id);
  }
}

async function race(stream: StreamId, wins: number): Promise<void> {
  let version = 0;
  for (let won = 0; won < wins; ) {
    const one = event();
    const result = await log.append(stream, version, [one]);
    if (result.ok) {
      acknowledged(stream, result.version, one.id);
      won += 1;
    }
    version = result.ok ? result.version : result.actualVersion;
  }
}

if (wish === 'own') await Promise.all(Array.from({ length: 8 }, writeOwn));
else await race(wish as StreamId, 100);
await log.close();
