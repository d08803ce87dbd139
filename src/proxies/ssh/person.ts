import type { LiveSession } from '../../application/admission/door.ts';
import type { ClientChannel } from './client-channel.ts';
import type { Tap } from './tap.ts';

/** Whom a shell or command is run for, as far as what runs it has to know. */
export interface Person {
  readonly channel: ClientChannel;
  /** Resolves when they have read what was said. */
  readonly closed: Promise<unknown>;
  /** From here on our own words are output like any other: recorded first, and counted. */
  recordTo(tap: Tap, session: Pick<LiveSession, 'sent'>): void;
  /** The shell or command runs. */
  granted(): void;
  /** Says why there is nothing, and closes. */
  refuse(message: string): void;
}
