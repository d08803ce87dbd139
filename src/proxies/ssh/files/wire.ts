import type { Noted } from './facts.ts';
import type { FilePolicy } from './file-policy.ts';
import type { ReorderBudget } from './ordered-hash.ts';

/** What a transfer protocol can do with the bytes it was given. */
export interface FileWire {
  toTarget(bytes: Buffer): void;
  /** What is noted is durable before these bytes, and all that come after them, reach the client. */
  toClient(bytes: Buffer, noted: Noted): void;
  /** Whether so much is on its way to the client that nothing more is to be taken from it: it is asked again later. */
  behind(): boolean;
  /** Tells the person on standard error, each text once. */
  say(text: string): void;
}

/** A transfer protocol between two legs: reads both directions, passes on what it understood and what is allowed. */
export interface FileProtocol {
  /** Whether so much is unanswered that nothing more is to come from the client for now. */
  readonly full: boolean;
  /** Gives how many bytes were taken; the rest comes again when something has moved. Errors: ProtocolError. */
  fromClient(bytes: Buffer): number;
  /** Errors: ProtocolError. */
  fromTarget(bytes: Buffer): void;
  /** The channel is over: what is left to note. */
  end(): Noted;
}

/** `budget` is one for all channels of a connection. */
export type OpenProtocol = (wire: FileWire, channel: number, policy: FilePolicy, budget: ReorderBudget) => FileProtocol;
/** The same with its connection's budget. */
export type OpenChannel = (wire: FileWire, channel: number, policy: FilePolicy) => FileProtocol;
