import { parentPort, workerData } from 'node:worker_threads';
import type { CheckpointSigner } from '../../application/audit/checkpoint.ts';
import { CheckpointKeeper } from './checkpoint-keeper.ts';
import type { FromLogWorker, ToLogWorker } from './log-worker-messages.ts';
import { LogWriter } from './log-writer.ts';

// The thread that writes the log, so that a slow disk never stalls sessions. Started by group-commit.ts.

const { file, signer, checkpointPaths } = workerData as {
  readonly file: string;
  readonly signer: CheckpointSigner;
  readonly checkpointPaths: readonly string[];
};

function tell(message: FromLogWorker): void {
  parentPort?.postMessage(message);
}

function failure(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  return { code: 'code' in error ? String(error.code) : '', message: error.message };
}

function start(): void {
  const writer = new LogWriter(file);
  const keeper = new CheckpointKeeper(writer, signer, checkpointPaths, (warning) => tell({ kind: 'warning', warning }));
  parentPort?.on('message', (message: ToLogWorker) => {
    if (message.kind === 'close') {
      void keeper.close().then(() => {
        writer.settle();
        writer.close();
        parentPort?.close();
      });
      return;
    }
    try {
      if (message.kind === 'probe') {
        writer.probe();
        tell({ kind: 'done', outcomes: [] });
        return;
      }
      tell({ kind: 'done', outcomes: writer.commit(message.batch) });
      keeper.treeGrew();
    } catch (error) {
      tell({ kind: 'failed', error: failure(error) });
    }
  });
  tell({ kind: 'ready' });
}

try {
  start();
} catch (error) {
  tell({ kind: 'failed', error: failure(error) });
  parentPort?.close();
}
