import type { LiveSession } from '../../application/admission/door.ts';
import type { TargetTerminal } from '../../application/ports/target-terminal.ts';
import type { Tap } from './tap.ts';

/** Where a connection leads, once it is known. */
export type Destination =
  | { readonly ok: true; readonly session: LiveSession; readonly terminal: TargetTerminal; readonly tap: Tap }
  | { readonly ok: false; readonly message: string };

/** What shells, commands and forwarded connections tell their connection. */
export interface RunEvents {
  /** The recording is a duty and can't be written: the session has to end. */
  recordingFailed(): void;
  /** Something of ours broke where nobody else would catch it. */
  fault(): void;
  /** A refused person has been told why on a channel. */
  told(): void;
}
