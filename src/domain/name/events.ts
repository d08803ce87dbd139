import type { DomainEvent, EventSchemas } from '../kernel/event.ts';
import type { StreamId } from '../kernel/ids.ts';

/** The stream is `name-<hmac>` over kind and canonical name, so that a name is held once and never readable. */
export type NameReserved = DomainEvent<'NameReserved', { readonly kind: string; readonly holder: StreamId }>;
export type NameReleased = DomainEvent<
  'NameReleased',
  { readonly holder: StreamId; readonly reason: 'removed' | 'orphaned' | 'ended' }
>;

export type NameEvent = NameReserved | NameReleased;

export const nameEvents: EventSchemas<NameEvent> = {
  NameReserved: { version: 1 },
  NameReleased: { version: 1 },
};
