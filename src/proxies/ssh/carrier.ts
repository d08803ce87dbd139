import type { LiveSession } from '../../application/admission/door.ts';
import type { TargetTerminal, TerminalExit, TerminalRequest } from '../../application/ports/target-terminal.ts';
import type { WindowSize } from './codec/requests.ts';
import type { Tap } from './tap.ts';

export interface CarrierOptions {
  readonly session: LiveSession;
  readonly terminal: TargetTerminal;
  readonly tap: Tap;
  readonly request: TerminalRequest;
  /** The target took the shell, command or subsystem. */
  readonly onOpen: () => void;
  /** The recording is a duty and can't be written: the session has to end. */
  readonly onRecordingFailed: () => void;
  /** Something of ours broke where nobody else would catch it: the connection has to end. */
  readonly onFault: () => void;
}

/** Carries one channel between the two legs: a shell or command byte for byte, a file transfer packet by packet. */
export interface Carrier {
  /** What passed so far, from the person and to them. */
  readonly bytes: { readonly bytesReceived: number; readonly bytesSent: number };
  /** Opens the target's channel and carries until both sides are done. Rejects when the target refuses it. */
  run(options: CarrierOptions): Promise<TerminalExit>;
  /** Says the end to the client after the last byte. */
  finish(exit: TerminalExit): void;
  /** Nothing passes any more, either way. */
  stop(): void;
  fromClient(data: Buffer): void;
  eofFromClient(): void;
  resize(size: WindowSize): void;
  signal(name: string): void;
}

/** Bytes for the client that may wait before the target is paused. */
export const highWater = 1024 * 1024;
