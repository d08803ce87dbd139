import { backendType } from './backend.ts';
import type { MessageRules } from './framing.ts';
import { headerBytes } from './reader.ts';

type Name = keyof typeof backendType;

/** The longest message that is handed out whole; longer ones of the same types pass in pieces. */
const longestWhole = 64 * 1024;
/** Int32: the most a length can say, and the type. */
const longestMessage = 0x7fff_ffff + 1;

/** Messages that do not vary, or little. */
const fixed: Partial<Record<Name, number>> = {
  authentication: longestWhole,
  negotiateProtocolVersion: longestWhole,
  /** A process id and a key of up to 256 bytes. */
  backendKeyData: headerBytes + 4 + 256,
  readyForQuery: headerBytes + 1,
  commandComplete: 1024,
  emptyQuery: headerBytes,
  parseComplete: headerBytes,
  bindComplete: headerBytes,
  closeComplete: headerBytes,
  noData: headerBytes,
  portalSuspended: headerBytes,
  copyDone: headerBytes,
};

/** Messages of a target: those of the named types are handed out whole when they have up to 64 KiB, all others pass. */
export function backendRules(handedOut: readonly Name[]): MessageRules {
  const longest = new Uint32Array(256);
  const whole = new Uint32Array(256);
  for (const [name, type] of Object.entries(backendType)) longest[type] = fixed[name as Name] ?? longestMessage;
  for (const name of handedOut) whole[backendType[name]] = longestWhole;
  return { longest, whole };
}
