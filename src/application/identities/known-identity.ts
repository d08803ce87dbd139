import { type Attributes, attributesIn } from '../../domain/kernel/attributes.ts';
import type { IdentityEvent } from '../../domain/identity/events.ts';
import type { IdentityId } from '../../domain/kernel/ids.ts';
import type { Personal } from '../../domain/kernel/personal.ts';
import type { EventLog } from '../ports/event-log.ts';

/** What is personal of an identity, as the log has it. */
export interface KnownIdentity {
  readonly subject: Personal;
  /** As the provider called the person last; empty until it was asked once. */
  readonly username: Personal;
  readonly email: Personal | null;
  readonly attributes: Attributes;
}

/** Null while the identity is linked to nobody. Errors: those of the log. */
export async function knownIdentity(log: EventLog, identityId: IdentityId): Promise<KnownIdentity | null> {
  const events = (await log.readStream(identityId)) as unknown as readonly IdentityEvent[];
  return events.reduce<KnownIdentity | null>((known, event) => {
    if (event.type === 'IdentityLinked')
      return { subject: event.data.subject, username: '', email: null, attributes: {} };
    if (event.type === 'IdentityUnlinked' || known === null) return null;
    const { username, email, attributes } = event.data;
    return { ...known, username, email, attributes: attributesIn(attributes) };
  }, null);
}
