// Projects event by event until it is killed: kill.test.ts. Arguments: the folder of the view, how many streams.
import { sqliteViewStores } from '../../../src/adapters/sqlite/view-store.ts';
import { startProjector } from '../../../src/projections/kit/projector.ts';
import { memoryLog } from '../../kit/memory-log.ts';
import { numbersView, started } from './numbers-view.ts';

const [folder = '', streams = '0'] = process.argv.slice(2);
const log = memoryLog();
const view = await startProjector(numbersView(), { log, stores: sqliteViewStores(folder), onWarning: console.error });
let made = 0;
for (let index = 0; index < 2; index += 1) {
  for (let stream = 1; stream <= Number(streams); stream += 1) {
    const { stream: id, expected, event } = started(stream, index);
    const result = await log.append(id, expected, [event]);
    if (result.ok) await view.reached(result.position, 15_000);
    made += 1;
    if (made === 1) console.log('served');
    console.log(`at ${made}`);
  }
}
setInterval(() => {}, 60_000);
