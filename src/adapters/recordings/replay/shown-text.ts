import { TextDecoder } from 'node:util';
import type { RecordEntry } from '../../../application/ports/recordings.ts';
import { harmlessOutput } from '../../../wire/harmless-output.ts';

/**
 * Output as text that only draws (security rule X1): nothing that sets titles or clipboards or makes a terminal answer,
 * only whole sequences and whole characters, what is no UTF-8 as U+FFFD. Each channel for itself.
 */
export class ShownText {
  readonly #channels = new Map<string, (data: Uint8Array) => string>();

  /** Of an `output` or `stderr` record. */
  next({ kind, channel, data }: RecordEntry): string {
    const name = `${kind} ${String(channel)}`;
    let show = this.#channels.get(name);
    if (show === undefined) {
      const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
      const harmless = harmlessOutput();
      show = (bytes) => harmless(decoder.decode(bytes, { stream: true }));
      this.#channels.set(name, show);
    }
    return show(data);
  }
}

export function isShown({ kind }: Pick<RecordEntry, 'kind'>): boolean {
  return kind === 'output' || kind === 'stderr';
}
