import type { ViewDefinition } from '../../../src/application/ports/views.ts';
import type { NewEvent } from '../../../src/application/ports/event-log.ts';
import { uuid } from './histories.ts';
import type { Step } from './histories.ts';

export type NumberRow = {
  readonly id: string;
  readonly owner: string | null;
  readonly amount: number;
  readonly tags: readonly string[];
  readonly at: string;
};

/** A view for tests of the kit: each `NodeStarted` makes or changes the row of its stream. Events say `boom` to be poison. */
export function numbersView(version = 1): ViewDefinition<NumberRow> {
  return {
    name: 'numbers',
    version,
    key: 'id',
    columns: { id: 'text', owner: 'text', amount: 'integer', tags: 'json', at: 'text' },
    indexes: [['owner', 'at'], ['amount'], ['at']],
    handles: ['NodeStarted'],
    keys: (event) => [event.stream],
    apply(row, event, key) {
      const { bootId } = event.data as { readonly bootId: string };
      if (bootId === 'boom') throw new RangeError('this event cannot be applied');
      const amount = (row?.amount ?? 0) + version;
      return {
        id: key,
        owner: Number(bootId) % 3 === 0 ? null : `o${Number(bootId) % 7}`,
        amount,
        tags: [bootId],
        at: event.metadata.at,
      };
    },
  };
}

/** The `index`-th event of the `stream`-th node. */
export function started(stream: number, index: number, bootId = String(stream)): Step {
  const event: NewEvent = {
    id: `01890000-0000-7000-8${stream.toString(16).padStart(3, '0').slice(-3)}-${(stream * 1_000 + index).toString(16).padStart(12, '0')}`,
    type: 'NodeStarted',
    data: { bootId, version: '1' },
    metadata: {
      at: new Date(Date.UTC(2026, 0, 1) + stream * 1_000).toISOString(),
      actor: { kind: 'system', nodeId: null },
      correlationId: 'c',
      causationId: null,
    },
  };
  return { stream: uuid('node', stream), expected: index, event };
}
