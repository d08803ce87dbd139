import { type MessageRules, MessageStream } from '../../../../src/proxies/postgres/codec/framing.ts';

/** What a stream that came in these pieces gave. */
export interface Walked {
  readonly messages: readonly string[];
  /** Type and size of what passed in pieces. */
  readonly passed: readonly string[];
  readonly forwarded: string;
}

/** Walks pieces; what is sent on for a message is what `instead` makes of it. */
export function walk(
  rules: MessageRules,
  pieces: readonly Buffer[],
  instead: (message: Buffer) => Buffer | null = (message) => message,
  passing: (type: string, size: number) => boolean = () => true,
): Walked {
  const messages: string[] = [];
  const passed: string[] = [];
  const forwarded: Buffer[] = [];
  const stream = new MessageStream(rules, {
    message: (message) => {
      messages.push(message.toString('latin1'));
      return instead(message);
    },
    passing: (type, size) => {
      passed.push(`${String.fromCharCode(type)} ${size}`);
      return passing(String.fromCharCode(type), size);
    },
    forward: (bytes) => forwarded.push(bytes),
  });
  for (const piece of pieces) stream.push(piece);
  return { messages, passed, forwarded: Buffer.concat(forwarded).toString('latin1') };
}

/** Bytes in pieces of these lengths, over and over. */
export function cut(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? bytes.length;
    pieces.push(bytes.subarray(at, at + length));
    at += length;
  }
  return pieces;
}

/** How many more bytes of buffers there are after `work`, which keeps what it gives. */
export function memoryOf(work: () => unknown): number {
  const before = process.memoryUsage().arrayBuffers;
  const kept = work();
  const after = process.memoryUsage().arrayBuffers;
  return kept === undefined ? Infinity : after - before;
}
