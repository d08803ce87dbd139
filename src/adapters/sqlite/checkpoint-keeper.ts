import { readFile } from 'node:fs/promises';
import { parseCheckpoint, signCheckpoint } from '../../application/audit/checkpoint.ts';
import type { CheckpointSigner } from '../../application/audit/checkpoint.ts';
import type { LogWarning } from './log-batch.ts';
import type { LogWriter } from './log-writer.ts';
import { replaceFile } from './replace-file.ts';

/** At most one checkpoint in so many milliseconds. */
const pauseMilliseconds = 1_000;

/**
 * Signs the tree after batches, at most once a second, and at the end; stores the note in the log and in files.
 * What fails here is a warning and is tried again with the next checkpoint: it never holds up an append.
 */
export class CheckpointKeeper {
  readonly #writer: LogWriter;
  readonly #signer: CheckpointSigner;
  readonly #paths: readonly string[];
  readonly #warn: (warning: LogWarning) => void;
  #signed: number;
  #files: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    writer: LogWriter,
    signer: CheckpointSigner,
    paths: readonly string[],
    warn: (warning: LogWarning) => void,
  ) {
    this.#writer = writer;
    this.#signer = signer;
    this.#paths = paths;
    this.#warn = warn;
    this.#signed = writer.newestCheckpoint();
    this.#files = this.#lookForCutTail();
    this.treeGrew();
  }

  /** To be called after every batch. */
  treeGrew(): void {
    if (this.#timer !== undefined || this.#writer.tree.size <= this.#signed) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#sign();
    }, pauseMilliseconds);
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#writer.tree.size > this.#signed) this.#sign();
    await this.#files;
  }

  #sign(): void {
    const { tree } = this.#writer;
    const size = tree.size;
    try {
      const note = signCheckpoint(size, tree.root(), this.#signer);
      this.#writer.saveCheckpoint(size, note);
      this.#signed = size;
      this.#files = this.#files.then(async () => {
        for (const path of this.#paths) await this.#write(path, note);
      });
    } catch (error) {
      this.#warn({
        code: 'checkpoint-store',
        message: `the checkpoint of ${size} events was not stored: ${text(error)}`,
      });
    }
  }

  async #write(path: string, note: string): Promise<void> {
    try {
      await replaceFile(path, note);
    } catch (error) {
      this.#warn({ code: 'checkpoint-file', message: `the checkpoint was not written to ${path}: ${text(error)}` });
    }
  }

  /** A checkpoint file that speaks of more events than there are: somebody cut the log, or an old copy was restored. */
  async #lookForCutTail(): Promise<void> {
    const size = this.#writer.tree.size;
    for (const path of this.#paths) {
      const known = parseCheckpoint(await readFile(path, 'utf8').catch(() => ''));
      if (known?.origin !== this.#signer.origin || known.size <= size) continue;
      const message = `${path} was signed over ${known.size} events, the log has ${size}: its end is missing, see "audit verify"`;
      this.#warn({ code: 'log-shorter-than-checkpoint', message });
    }
  }
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
