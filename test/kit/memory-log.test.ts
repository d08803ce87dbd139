import { eventLogContract } from '../contract/event-log.ts';
import { catalogue } from '../projections/kit/histories.ts';
import { memoryLog } from './memory-log.ts';

eventLogContract('memory', async () => memoryLog(catalogue));
