import type { Recorded } from './recorded.ts';
import { isOfDatabase, statementLines } from './statement-lines.ts';
import { transcriptLine } from './transcript.ts';

/** The lines of a transcript, without line ends, that a record gives: who typed or asked what, or what else happened. */
export function transcriptLines(record: Recorded): readonly string[] {
  if (isOfDatabase(record)) return statementLines(record);
  const line = transcriptLine(record);
  return line === undefined ? [] : [line];
}
