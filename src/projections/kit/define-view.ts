import type { Row, ViewDefinition } from '../../application/ports/views.ts';
import type { DomainEvent, StoredEvent } from '../../domain/kernel/event.ts';

/** A stored event of one of several types, told apart by `type`. */
export type Stored<E extends DomainEvent> = E extends DomainEvent ? StoredEvent<E> : never;

type TypedView<R extends Row, E extends DomainEvent> = Omit<ViewDefinition<R>, 'handles' | 'keys' | 'apply'> & {
  readonly handles: readonly E['type'][];
  keys(event: Stored<E>): readonly string[];
  apply(row: R | undefined, event: Stored<E>, key: string): R | undefined;
};

/** A view over the events named in `handles`, with their types known to `keys` and `apply`. */
export function defineView<R extends Row, E extends DomainEvent>(view: TypedView<R, E>): ViewDefinition<R> {
  return view;
}
