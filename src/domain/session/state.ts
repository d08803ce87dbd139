import type { ChannelOpened, SessionEnded, SessionOpened, SessionRefused, TerminalAttached } from './events.ts';

/** Full chunks of the recording sealed so far, and where the last one ends in the container. */
export interface RecordedSoFar {
  readonly chunks: number;
  readonly endOffset: number;
}

export type SessionState =
  | { readonly status: 'absent' }
  | { readonly status: 'refused'; readonly refusal: SessionRefused['data'] }
  | {
      readonly status: 'open';
      readonly session: SessionOpened['data'];
      /** How the target showed who it is, once its leg stands. */
      readonly targetIdentity: string | null;
      readonly refusedHostKey: string | null;
      /** SHA-256 of it. */
      readonly refusedCertificate: string | null;
      readonly channels: Readonly<Record<number, ChannelOpened['data']>>;
      readonly recorded: RecordedSoFar;
      /** Who came to its terminal last; absent while it is who opened it. */
      readonly attached?: TerminalAttached['data'];
      /** The message of the end that was ordered; absent when none was. */
      readonly orderedEnd?: string | null;
    }
  | {
      readonly status: 'ended';
      readonly session: SessionOpened['data'];
      readonly end: SessionEnded['data'];
      readonly recorded: RecordedSoFar;
    };
