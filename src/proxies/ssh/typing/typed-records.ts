import type { RecordKind } from '../../../application/ports/recordings.ts';
import { guarded } from '../../kit/guarded.ts';
import type { LineResult } from './typed-line.ts';
import { TypedInput } from './typed-input.ts';

type Written = void | Promise<void>;

export interface RecordWrites {
  readonly write: (kind: RecordKind, channel: number, data: Uint8Array) => Written;
  readonly writeJson: (kind: RecordKind, channel: number, value: unknown) => Written;
  /** What is typed can't be followed any more because of an error of ours, and nobody else would catch it. */
  readonly broken: () => void;
}

/** Writes of each terminal what was typed and seen echoed: `input`, how much was `hidden`, and the `statement`. */
export interface TypedRecords {
  begin(channel: number): void;
  typed(channel: number, data: Uint8Array): void;
  shown(channel: number, data: readonly Uint8Array[]): Written;
  end(channel: number): Written;
}

interface Terminal {
  readonly input: TypedInput;
  timer: NodeJS.Timeout | undefined;
}

export function typedRecords({ write, writeJson, broken }: RecordWrites): TypedRecords {
  const terminals = new Map<number, Terminal>();
  let writing: Promise<void>[] = [];

  const noteWrite = (act: () => Written): void => {
    try {
      const written = act();
      if (written !== undefined) writing.push(written);
    } catch (error) {
      writing.push(Promise.reject(error instanceof Error ? error : new Error(String(error))));
    }
  };
  const tell = (channel: number, { input, hidden, statement }: LineResult): void => {
    if (input.length > 0) noteWrite(() => write('input', channel, input));
    if (hidden > 0) noteWrite(() => writeJson('hidden', channel, { bytes: hidden }));
    if (statement !== null) noteWrite(() => writeJson('statement', channel, statement));
  };
  /** All writes that the last call began. */
  const taken = (): Written => {
    if (writing.length === 0) return undefined;
    const all = writing;
    writing = [];
    return Promise.all(all).then(() => undefined);
  };
  /** Nobody waits for these writes; a failed one has ended the session already, by the recorder's own notice. */
  const unheard = (): void => void taken()?.catch(() => {});
  const watch = (terminal: Terminal): void => {
    const { deadline } = terminal.input;
    if (deadline === null || terminal.timer !== undefined) return;
    const wait = Math.max(1, deadline - performance.now());
    terminal.timer = setTimeout(() => {
      terminal.timer = undefined;
      guarded(() => {
        terminal.input.tick(performance.now());
        unheard();
        watch(terminal);
      }, broken);
    }, wait).unref();
  };

  return {
    begin(channel) {
      terminals.set(channel, { input: new TypedInput((result) => tell(channel, result)), timer: undefined });
    },
    typed(channel, data) {
      const terminal = terminals.get(channel);
      if (terminal === undefined) return;
      guarded(() => {
        terminal.input.typed(data, performance.now());
        unheard();
        watch(terminal);
      }, broken);
    },
    shown(channel, data) {
      const terminal = terminals.get(channel);
      if (terminal === undefined) return undefined;
      for (const piece of data) terminal.input.shown(piece, performance.now());
      watch(terminal);
      return taken();
    },
    end(channel) {
      const terminal = terminals.get(channel);
      if (terminal === undefined) return undefined;
      clearTimeout(terminal.timer);
      terminals.delete(channel);
      terminal.input.end();
      return taken();
    },
  };
}
