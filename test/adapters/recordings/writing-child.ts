import type { SessionId } from '../../../src/domain/kernel/ids.ts';
import { output, recordingsIn, startedAt } from './recording-kit.ts';

// Writes numbered records without end and prints the number of each after its write has returned.
const [data = '', session = ''] = process.argv.slice(2);
const writer = await recordingsIn(data).create(session as SessionId, startedAt, false);
for (let number = 0; ; number += 1) {
  const bytes = Buffer.alloc(1_000 + (number % 7) * 500);
  bytes.writeUInt32BE(number);
  await writer.write(output(number, bytes));
  process.stdout.write(`${String(number)}\n`);
  if (number % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
}
