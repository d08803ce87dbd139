import type {
  ForwardRequest,
  TerminalExit,
  TerminalRequest,
  TerminalSize,
  Variable,
} from '../../../application/ports/target-terminal.ts';
import { fields, type Part, Reader } from './wire.ts';

export type Pty = NonNullable<TerminalRequest['pty']>;
export type WindowSize = TerminalSize & { readonly widthPixels: number; readonly heightPixels: number };

/** `pty-req` (RFC 4254 section 6.2). The modes stay as they are: what they mean is between client and target. */
export function decodePty(data: Buffer): Pty {
  const read = new Reader(data);
  const term = read.latin1();
  const size = readSize(read);
  const modes = read.string();
  return { term, ...size, modes: modes.length === 0 ? null : Buffer.from(modes) };
}

export function encodePty(pty: Pty): readonly Part[] {
  const term = Buffer.from(pty.term, 'latin1');
  return [term, pty.columns, pty.rows, pty.widthPixels, pty.heightPixels, pty.modes ?? Buffer.of(0)];
}

/** `window-change` (RFC 4254 section 6.7). */
export function decodeWindowChange(data: Buffer): WindowSize {
  return readSize(new Reader(data));
}

export function encodeWindowChange(size: WindowSize): readonly Part[] {
  return [size.columns, size.rows, size.widthPixels, size.heightPixels];
}

/** The one string of `exec`, `subsystem`, `signal` and the name in `env`, every byte a character. */
export function decodeText(data: Buffer): string {
  return new Reader(data).latin1();
}

/** `env` (RFC 4254 section 6.4), every byte a character. */
export function decodeVariable(data: Buffer): Variable {
  const read = new Reader(data);
  return { name: read.latin1(), value: read.latin1() };
}

export function encodeVariable({ name, value }: Variable): readonly Part[] {
  return [Buffer.from(name, 'latin1'), Buffer.from(value, 'latin1')];
}

/** What a `direct-tcpip` channel is opened with (RFC 4254 section 7.2). */
export function decodeForward(data: Buffer): ForwardRequest {
  const read = new Reader(data);
  return { host: read.utf8(), port: read.uint32(), originHost: read.utf8(), originPort: read.uint32() };
}

export function encodeForward({ host, port, originHost, originPort }: ForwardRequest): readonly Part[] {
  return [host, port, originHost, originPort];
}

/** `exit-status` and `exit-signal` (RFC 4254 section 6.10), null for any other request. */
export function decodeExit(name: string, data: Buffer): TerminalExit | null {
  const read = new Reader(data);
  if (name === 'exit-status') return { code: read.uint32(), signal: null, coreDumped: false, message: '' };
  if (name !== 'exit-signal') return null;
  return { code: null, signal: read.latin1(), coreDumped: read.boolean(), message: read.utf8() };
}

/** Null when there is nothing to say: the channel closes without a status. */
export function encodeExit(exit: TerminalExit): { readonly name: string; readonly data: Buffer } | null {
  if (exit.code !== null) return { name: 'exit-status', data: fields(exit.code) };
  if (exit.signal === null) return null;
  const signal = Buffer.from(exit.signal, 'latin1');
  return { name: 'exit-signal', data: fields(signal, exit.coreDumped, exit.message, '') };
}

function readSize(read: Reader): WindowSize {
  return { columns: read.uint32(), rows: read.uint32(), widthPixels: read.uint32(), heightPixels: read.uint32() };
}
