import { useEffect, useState } from 'react';
import type { Stretch } from './idle.ts';
import type { Recording } from './recording.ts';
import type { RailLine } from './shapes.ts';

/** What happened in a session, as far as it is loaded. */
export interface Rail {
  readonly lines: readonly RailLine[];
  readonly idle: readonly Stretch[];
  /** Up to where the rail knows, in milliseconds. */
  readonly end: number;
  /** Null: still on its way. */
  readonly state: 'complete' | 'cut-short' | 'following' | null;
}

/** More happenings than this are not kept: who looks for one of them searches. */
const mostLines = 10_000;
const askAgainMilliseconds = 5_000;

/** Loads the rail page by page; of a live session it goes on being asked for. */
export function useRail(recording: Recording): { readonly rail: Rail; readonly problem: Error | null } {
  const [rail, setRail] = useState<Rail>({ lines: [], idle: [], end: 0, state: null });
  const [problem, setProblem] = useState<Error | null>(null);
  useEffect(() => {
    const stop = new AbortController();
    void load(recording, stop.signal, setRail).catch((error: unknown) => {
      if (!stop.signal.aborted) setProblem(error instanceof Error ? error : new Error(String(error)));
    });
    return () => stop.abort();
  }, [recording]);
  return { rail, problem };
}

async function load(recording: Recording, signal: AbortSignal, tell: (rail: Rail) => void): Promise<void> {
  let after: string | null = null;
  let lines: readonly RailLine[] = [];
  let idle: readonly Stretch[] = [];
  while (!signal.aborted) {
    const page = await recording.rail(after, signal);
    const quiet = page.lines.filter(({ kind }) => kind === 'idle');
    lines = [...lines, ...page.lines.filter(({ kind }) => kind !== 'idle')];
    // Of a live session the last stretch is told again when it has grown.
    idle = joined([...idle, ...quiet.map(({ at, to = at }) => ({ from: at, to }))]);
    const full = lines.length >= mostLines;
    const state = page.next === null ? 'complete' : full ? 'cut-short' : page.lines.length === 0 ? 'following' : null;
    tell({ lines, idle, end: page.at, state });
    if (page.next === null || full) return;
    if (page.lines.length === 0) await rest(signal);
    after = page.next;
  }
}

function joined(stretches: readonly Stretch[]): readonly Stretch[] {
  const ends = new Map<number, number>();
  for (const { from, to } of stretches) ends.set(from, Math.max(to, ends.get(from) ?? to));
  return [...ends].map(([from, to]) => ({ from, to }));
}

async function rest(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, askAgainMilliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
