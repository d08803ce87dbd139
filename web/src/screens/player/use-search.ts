import { useEffect, useState } from 'react';
import { isEnd, type Recording } from './recording.ts';
import type { SearchLine } from './shapes.ts';

export interface Hit {
  readonly at: number;
  readonly kind: 'shown' | 'typed';
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

export interface Search {
  readonly hits: readonly Hit[];
  /** How far it is, in milliseconds; null: it has ended. */
  readonly at: number | null;
  /** There are more, behind those. */
  readonly more: (() => void) | null;
  readonly problem: string | null;
}

const nothing: Search = { hits: [], at: null, more: null, problem: null };

/** Hits that come close together are told at once, so many milliseconds after the last telling. */
const tellMilliseconds = 200;

/** Looks for a text in what was shown and typed; the empty text looks for nothing. */
export function useSearch(recording: Recording, text: string): Search {
  const [search, setSearch] = useState<Search>(nothing);
  const [begin, setBegin] = useState<{ readonly text: string; readonly from: number }>({ text, from: 0 });
  const from = begin.text === text ? begin.from : 0;
  useEffect(() => {
    if (text === '') {
      setSearch(nothing);
      return undefined;
    }
    const stop = new AbortController();
    setSearch((before) => ({ ...nothing, hits: from === 0 ? [] : before.hits, at: from }));
    const goOn = (next: number) => (): void => setBegin({ text, from: next });
    void look(recording, { text, from, signal: stop.signal }, (found, at, next) => {
      setSearch(({ hits }) => ({
        hits: [...hits, ...found],
        at,
        more: next === null ? null : goOn(next),
        problem: null,
      }));
    }).catch((error: unknown) => {
      if (stop.signal.aborted) return;
      setSearch((before) => ({ ...before, at: null, problem: error instanceof Error ? error.message : String(error) }));
    });
    return () => stop.abort();
  }, [recording, text, from]);
  return search;
}

async function look(
  recording: Recording,
  { text, from, signal }: { readonly text: string; readonly from: number; readonly signal: AbortSignal },
  tell: (hits: readonly Hit[], at: number | null, next: number | null) => void,
): Promise<void> {
  let waiting: Hit[] = [];
  let told = 0;
  for await (const line of recording.search(text, from, signal)) {
    if (signal.aborted) return;
    if (isEnd(line)) {
      tell(waiting, null, line.next);
      return;
    }
    const hit = hitOf(line);
    if (hit !== null) waiting.push(hit);
    if (performance.now() - told < tellMilliseconds) continue;
    told = performance.now();
    tell(waiting, line.at, null);
    waiting = [];
  }
  throw new Error('The search was cut off. Check your connection, then try again.');
}

function hitOf({ at, kind = 'shown', before = '', match, after = '' }: SearchLine): Hit | null {
  return match === undefined ? null : { at, kind, before, match, after };
}
