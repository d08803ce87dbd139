import type { Socket } from 'node:net';
import ssh2 from 'ssh2';
import { onTestFinished } from 'vitest';
import { until } from '../../kit/until.ts';
import { login, type TestProxy } from './proxy-kit.ts';

/** What ssh2's client keeps to itself, used here to say what no honest client says. */
export interface Raw {
  readonly _protocol: {
    readonly _packetRW: { readonly write: { readonly allocStart: number; alloc(size: number): Buffer } };
    readonly _cipher: { encrypt(packet: Buffer): void };
    readonly _handlers: { CHANNEL_WINDOW_ADJUST: (protocol: unknown, channel: number, bytes: number) => void };
  };
  readonly _sock: Socket;
}

export function sendRaw(client: ssh2.Client, payload: Uint8Array): void {
  const { _packetRW: packets, _cipher: cipher } = (client as unknown as Raw)._protocol;
  const packet = packets.write.alloc(payload.length);
  packet.set(payload, packets.write.allocStart);
  cipher.encrypt(packet);
}

/** Never answers, so that no method is tried. */
const silence: ssh2.AuthHandlerMiddleware = () => undefined;

/** A client whose keys are agreed and that asks for no login by itself. */
export async function strange(
  proxy: TestProxy,
  password?: string,
  username = login,
): Promise<{ client: ssh2.Client; errors: string[]; closed: () => boolean }> {
  const client = new ssh2.Client();
  const errors: string[] = [];
  let closed = false;
  client.on('error', (error) => errors.push(error.message));
  client.on('close', () => (closed = true));
  onTestFinished(() => void client.destroy());
  const agreed = new Promise<void>((resolve) => {
    if (password === undefined) client.once('handshake', () => resolve());
    else client.once('ready', () => resolve());
  });
  client.connect({
    host: '127.0.0.1',
    port: proxy.port,
    username,
    ...(password === undefined ? { authHandler: silence } : { password }),
  });
  await agreed;
  return { client, errors, closed: () => closed };
}

export const text = (value: string): Buffer => Buffer.concat([Buffer.of(0, 0, 0, value.length), Buffer.from(value)]);
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
export const openSession = Buffer.concat([
  Buffer.of(90),
  text('session'),
  Buffer.of(0, 0, 0, 0, 0, 32, 0, 0, 0, 0, 128, 0),
]);
export const exec = (channel: number, command: string): Buffer =>
  Buffer.concat([Buffer.of(98, 0, 0, 0, channel), text('exec'), Buffer.of(1), text(command)]);

/** Looks again and again, 10 times a second in the end, until a figure has been the same 20 times in a row. */
export async function standsStill(figure: () => number): Promise<void> {
  let last = -1;
  let same = 0;
  await until(
    () => {
      same = figure() === last ? same + 1 : 0;
      last = figure();
      return same >= 20;
    },
    { what: 'the target to stand still' },
  );
}
