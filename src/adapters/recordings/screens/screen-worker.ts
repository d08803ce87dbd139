import { createSecretKey } from 'node:crypto';
import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { recordingReader } from '../reader.ts';
import { screenAt } from './screen-at.ts';
import { survey, type SurveyedFile } from './survey.ts';
import type { FromScreenWorker, ToScreenWorker, WorkFile } from './worker-messages.ts';

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

async function run(message: ToScreenWorker): Promise<void> {
  const { id } = message;
  try {
    const file = opened(message.file);
    if (message.kind === 'screen') {
      tell({ id, kind: 'done', screen: await screenAt(file, message.channel, message.at) });
      return;
    }
    await survey(file, (done, of) => tell({ id, kind: 'progress', done, of }));
    tell({ id, kind: 'done', screen: null });
  } catch (error) {
    tell({ id, kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

let turn = Promise.resolve();
parentPort?.on('message', (message: ToScreenWorker) => {
  turn = turn.then(() => run(message));
});
