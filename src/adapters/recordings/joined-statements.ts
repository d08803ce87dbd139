import type { RecordEntry } from '../../application/ports/recordings.ts';
import { jsonOf } from './record-data.ts';

const partBegin = Buffer.from('{"part":');

interface Part {
  readonly part: number;
  readonly parts: number;
  readonly piece: string;
}

/**
 * Puts the parts of `statement` records that were too long for one record together (docs/protocols/recording.md). Parts of
 * which one is missing, because of a gap or of a start in the middle, and those of more than `most` bytes together are given
 * as they are: nothing is lost. What is put together has the moment of its last part, and all else of its first.
 */
export async function* joinedStatements<E extends RecordEntry>(
  records: AsyncIterable<E>,
  most: number,
): AsyncGenerator<E> {
  let held: E[] = [];
  let pieces: string[] = [];
  let bytes = 0;
  let parts = 0;
  for await (const entry of records) {
    const next = partOf(entry);
    bytes += entry.data.length;
    const continues = next?.part === held.length && next.parts === parts && bytes <= most;
    if (!continues) {
      yield* held;
      held = [];
      pieces = [];
      bytes = entry.data.length;
      if (next?.part !== 0) {
        parts = 0;
        yield entry;
        continue;
      }
      parts = next.parts;
    }
    held.push(entry);
    pieces.push(next.piece);
    if (held.length < parts) continue;
    yield { ...entry, ...held[0], at: entry.at, data: Buffer.from(pieces.join('')) };
    held = [];
    pieces = [];
    parts = 0;
  }
  yield* held;
}

function partOf(entry: RecordEntry): Part | undefined {
  if (entry.kind !== 'statement' || !partBegin.equals(entry.data.subarray(0, partBegin.length))) return undefined;
  const { part, parts, piece } = jsonOf(entry) ?? {};
  if (typeof part !== 'number' || typeof parts !== 'number' || typeof piece !== 'string') return undefined;
  return { part, parts, piece };
}
