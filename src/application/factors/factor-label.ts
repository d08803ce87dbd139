import type { FactorEvent } from '../../domain/factor/events.ts';
import type { FactorId } from '../../domain/kernel/ids.ts';
import { personalText } from '../../domain/kernel/personal.ts';
import type { EventLog } from '../ports/event-log.ts';

/** What its owner calls a factor, by its first event; `(shredded)` when the key of the person is gone. Errors: those of the log. */
export async function factorLabel(log: EventLog, factorId: FactorId): Promise<string> {
  const [first] = (await log.readStream(factorId, { after: null, limit: 1 })) as unknown as readonly FactorEvent[];
  return first?.type === 'FactorEnrolled' ? personalText(first.data.label) : '';
}
