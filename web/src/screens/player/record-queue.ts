import type { RecordLine } from './shapes.ts';

/** Records that were loaded and are not shown yet, of one channel. */
export class RecordQueue {
  #records: RecordLine[] = [];
  #first = 0;
  #size = 0;

  /** Characters that wait. */
  get size(): number {
    return this.#size;
  }

  add(records: readonly RecordLine[]): void {
    this.#records = [...this.#records.slice(this.#first), ...records];
    this.#first = 0;
    for (const record of records) this.#size += sizeOf(record);
  }

  clear(): void {
    this.#records = [];
    this.#first = 0;
    this.#size = 0;
  }

  /** The next one, when it is due at this moment. Neighbouring output is taken at once. */
  take(moment: number): RecordLine | undefined {
    const record = this.#next(moment);
    if (record === undefined || !isOutput(record)) return record;
    let text = record.text ?? '';
    while (text.length < mostAtOnce && isOutput(this.#records[this.#first])) {
      const more = this.#next(moment);
      if (more === undefined) break;
      text += more.text ?? '';
    }
    return { ...record, text };
  }

  #next(moment: number): RecordLine | undefined {
    const record = this.#records[this.#first];
    if (record === undefined || record.at > moment) return undefined;
    this.#first += 1;
    this.#size -= sizeOf(record);
    return record;
  }
}

/** Characters that a terminal is given at once, so that it can be stopped in between. */
const mostAtOnce = 256 * 1024;

function isOutput(record: RecordLine | undefined): boolean {
  return record?.kind === 'output' || record?.kind === 'stderr';
}

function sizeOf({ text = '' }: RecordLine): number {
  return text.length + 32;
}
