import { textOf } from './happenings.ts';
import { Recording } from './recording.ts';
import { clock } from './times.ts';

/** Everything that happened in a session as lines of text: when, on which channel, what. */
export async function happeningsText(sessionId: string): Promise<Blob> {
  const recording = await Recording.open(sessionId);
  const { signal } = new AbortController();
  const parts: string[] = [];
  for (let after: string | null = null, isFirst = true; isFirst || after !== null; isFirst = false) {
    const page: Awaited<ReturnType<Recording['rail']>> = await recording.rail(after, signal);
    for (const line of page.lines) {
      if (line.kind !== 'idle') parts.push(`${clock(line.at)}  [${String(line.channel ?? 0)}]  ${textOf(line)}\n`);
    }
    // Of a live session this is what there is by now.
    after = page.lines.length === 0 ? null : page.next;
  }
  return new Blob(parts, { type: 'text/plain;charset=utf-8' });
}
