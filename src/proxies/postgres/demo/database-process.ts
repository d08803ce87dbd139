import { Worker } from 'node:worker_threads';

// The process of the embedded database. It runs in a thread of its own, where a statement may take all the time there is,
// so that this one hears when the product has gone, killed or not, and ends with it.
const end = (): void => void process.kill(process.pid, 'SIGKILL');
process.on('disconnect', end);
new Worker(new URL('./database-worker.ts', import.meta.url)).on('error', end).on('exit', end);
