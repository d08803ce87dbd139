import { createSecretKey } from 'node:crypto';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { recordingReader } from '../reader.ts';
import { searchLines } from '../replay/search.ts';
import { statementLines } from '../replay/statements.ts';
import { screenAt } from './screen-at.ts';
import { survey, type SurveyedFile } from './survey.ts';
import type { FromScreenWorker, ToScreenWorker, Work, WorkFile } from './worker-messages.ts';

// A thread that computes screens, one after the other. Started by screen-workers.ts.

/** On Linux the priority is of this thread alone. */
const { niceness } = workerData as { readonly niceness: number };
setPriority(0, niceness);

function tell(message: FromScreenWorker): void {
  parentPort?.postMessage(message);
}

function opened({ path, uuid, key: bytes }: WorkFile): SurveyedFile {
  const key = createSecretKey(bytes);
  return { reader: recordingReader(path, uuid, key), uuid, key, screensPath: path.replace(/\.rec$/, '.screens') };
}

const cancelled = new Set<number>();

async function run(message: Work & { readonly id: number }): Promise<void> {
  const { id } = message;
  try {
    const file = stoppable(opened(message.file), id);
    if (message.kind === 'screen') {
      tell({ id, kind: 'done', screen: await screenAt(file, message.channel, message.at) });
      return;
    }
    if (message.kind === 'search') {
      const { reader } = file;
      const records = reader.walk({ milliseconds: message.from }, await reader.chunks());
      for await (const line of searchLines(records, message)) tell({ id, kind: 'line', line });
      tell({ id, kind: 'done', screen: null });
      return;
    }
    if (message.kind === 'statements') {
      const { reader } = file;
      const { wish, live } = message;
      const records = reader.walk({ record: wish.record }, await reader.chunks());
      for await (const line of statementLines(records, wish, live)) tell({ id, kind: 'line', line });
      tell({ id, kind: 'done', screen: null });
      return;
    }
    await survey(file, (done, of) => tell({ id, kind: 'progress', done, of }));
    tell({ id, kind: 'done', screen: null });
  } catch (error) {
    tell({ id, kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

/** Its records end once nobody wishes it any more. */
function stoppable(file: SurveyedFile, id: number): SurveyedFile {
  const { reader } = file;
  return { ...file, reader: { ...reader, walk: (...wish) => untilCancelled(reader.walk(...wish), id) } };
}

async function* untilCancelled<T>(items: AsyncIterable<T>, id: number): AsyncGenerator<T> {
  for await (const item of items) {
    if (cancelled.has(id)) return;
    yield item;
  }
}

let turn = Promise.resolve();
parentPort?.on('message', (message: ToScreenWorker) => {
  if (message.kind === 'cancel') {
    cancelled.add(message.id);
    return;
  }
  turn = turn
    .then(() => (cancelled.has(message.id) ? undefined : run(message)))
    .then(() => void cancelled.delete(message.id));
});
