import { TextDecoder } from 'node:util';
import type { RecordEntry } from '../../../application/ports/recordings.ts';
import { type Harmless, harmlessOutput, type HarmlessState } from '../../../wire/harmless-output.ts';

/** Where the text of one output stands, in the middle of a sequence or a character; `name` is its kind and channel. */
export interface TextState extends HarmlessState {
  readonly name: string;
  /** The bytes of a character that has only begun, in base64. */
  readonly begun: string;
}

interface Stream {
  readonly decoder: TextDecoder;
  readonly harmless: Harmless;
  /** The last three bytes. */
  tail: Buffer;
}

/**
 * Output as text that only draws (security rule X1): nothing that sets titles or clipboards or makes a terminal answer,
 * only whole sequences and whole characters, what is no UTF-8 as U+FFFD. Each channel for itself.
 */
export class ShownText {
  readonly #streams = new Map<string, Stream>();

  constructor(states: readonly TextState[] = []) {
    for (const { name, begun, ...state } of states) {
      const stream = begin(harmlessOutput(state));
      stream.tail = Buffer.from(begun, 'base64');
      stream.decoder.decode(stream.tail, { stream: true });
      this.#streams.set(name, stream);
    }
  }

  /** Of an `output` or `stderr` record. */
  next({ kind, channel, data }: RecordEntry): string {
    const name = `${kind} ${String(channel)}`;
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = begin(harmlessOutput());
      this.#streams.set(name, stream);
    }
    stream.tail = Buffer.concat([stream.tail, data.subarray(-mostBegun)]).subarray(-mostBegun);
    return stream.harmless(stream.decoder.decode(data, { stream: true }));
  }

  states(): readonly TextState[] {
    return [...this.#streams].map(([name, { harmless, tail }]) => ({
      name,
      begun: begunIn(tail),
      ...harmless.state(),
    }));
  }
}

/** A character of UTF-8 has four bytes at the most. */
const mostBegun = 3;

function begin(harmless: Harmless): Stream {
  return { decoder: new TextDecoder('utf-8', { ignoreBOM: true }), harmless, tail: Buffer.alloc(0) };
}

/** The longest end of these bytes that a decoder keeps to itself. */
function begunIn(tail: Buffer): string {
  for (let from = 0; from < tail.length; from += 1) {
    const bytes = tail.subarray(from);
    if (new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes, { stream: true }) === '') {
      return bytes.toString('base64');
    }
  }
  return '';
}

export function isShown({ kind }: Pick<RecordEntry, 'kind'>): boolean {
  return kind === 'output' || kind === 'stderr';
}
