import { randomBytes } from 'node:crypto';
import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { onTestFinished } from 'vitest';
import { decodeBackend } from '../../../src/proxies/postgres/codec/backend-decode.ts';
import type { BackendMessage } from '../../../src/proxies/postgres/codec/backend.ts';
import { encodeFirstPacket } from '../../../src/proxies/postgres/codec/startup.ts';
import { beginScram, checkServer, proveClient } from '../../../src/wire/scram/client.ts';
import { until } from '../../kit/until.ts';
import { int32, raw, text, typed, value } from './codec/bytes.ts';

/** The messages that may be of type `T`. */
type Of<T, M = BackendMessage> = M extends { readonly type: infer U } ? (T extends U ? M : never) : never;

/** A client that says what it is told to, byte for byte. */
export interface RawClient {
  send(...bytes: readonly Uint8Array[]): void;
  /** All that came so far. */
  readonly heard: () => Buffer;
  /** The same as messages, in order; the last one may be cut. */
  readonly messages: () => readonly BackendMessage[];
  /** Waits for a message of a type, from a place in `messages` on. */
  message<T extends BackendMessage['type']>(type: T, from?: number): Promise<Of<T>>;
  /** Waits until exactly these bytes came. */
  hears(all: string): Promise<void>;
  /** Waits until the other side has ended the connection. */
  readonly ended: () => Promise<void>;
  readonly isOpen: () => boolean;
  close(): void;
}

export async function rawClient(port: number): Promise<RawClient> {
  return rawOn(await tcp(port));
}

/** After SSLRequest and the handshake; whose certificate it is does not matter here. */
export async function rawInTls(port: number): Promise<RawClient> {
  const socket = await tcp(port);
  socket.write(encodeFirstPacket.sslRequest());
  const answer = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
  if (answer.toString() !== 'S') throw new Error(`no TLS: ${answer.toString('latin1')}`);
  const inside = connectTls({ socket, rejectUnauthorized: false });
  const client = rawOn(inside);
  await new Promise((resolve) => inside.once('secureConnect', resolve));
  return client;
}

/** Logged in with a token, up to ReadyForQuery. */
export async function rawLogin(
  port: number,
  parameters: readonly (readonly [string, string])[],
  token: string,
): Promise<RawClient> {
  const client = await rawInTls(port);
  client.send(encodeFirstPacket.startup(parameters));
  const checked = await proveToken(client, token);
  checked((await client.message('authentication-sasl-final')).data);
  await client.message('ready-for-query');
  return client;
}

/** Answers up to the proof, which is sent; gives what checks the server's own. */
export async function proveToken(client: RawClient, token: string): Promise<(final: Buffer) => void> {
  const { mechanisms } = await client.message('authentication-sasl');
  const begun = beginScram(mechanisms, null, randomBytes(18).toString('base64'));
  client.send(saslInitial(begun.mechanism, begun.message));
  const proven = await proveClient(begun, (await client.message('authentication-sasl-continue')).data, token);
  client.send(typed('p', raw(proven.message)));
  return (final) => {
    checkServer(proven, final);
  };
}

/** SASLInitialResponse. */
export function saslInitial(mechanism: string, data: string | null): Buffer {
  return typed('p', text(mechanism), value(data));
}

/** CancelRequest with a key in any form. */
export function cancelRequest(processId: number, secret: Uint8Array): Buffer {
  return Buffer.concat([int32(12 + secret.length), int32(80_877_102), int32(processId), secret]);
}

async function tcp(port: number): Promise<Socket> {
  const socket = connectTcp({ host: '127.0.0.1', port, noDelay: true });
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  return socket;
}

function rawOn(stream: Duplex): RawClient {
  const pieces: Buffer[] = [];
  let over = false;
  stream.on('data', (bytes: Buffer) => pieces.push(bytes));
  // A peer that ends the connection while we still write is what these tests are about.
  stream.on('error', () => (over = true));
  stream.on('end', () => (over = true));
  stream.on('close', () => (over = true));
  const heard = (): Buffer => Buffer.concat(pieces);
  const client: RawClient = {
    send: (...bytes) => void stream.write(Buffer.concat(bytes)),
    heard,
    messages: () => messagesOf(heard()),
    message: async (type, from = 0) => {
      const find = () =>
        client
          .messages()
          .slice(from)
          .find((message) => message.type === type);
      await until(() => find() !== undefined || over, { what: type });
      const found = find();
      if (found === undefined) throw new Error(`over without a ${type}: ${heard().toString('latin1')}`);
      return found as Of<typeof type>;
    },
    hears: async (all) => {
      await until(() => heard().toString('latin1') === all, { what: all });
    },
    ended: async () => {
      await until(() => over, { what: 'the end of the connection' });
    },
    isOpen: () => !over,
    close: () => {
      stream.destroy();
    },
  };
  return client;
}

function messagesOf(bytes: Buffer): readonly BackendMessage[] {
  const messages: BackendMessage[] = [];
  for (let at = 0; at + 5 <= bytes.length; ) {
    const end = at + 1 + bytes.readInt32BE(at + 1);
    if (end > bytes.length) break;
    messages.push(decodeBackend(bytes.subarray(at, end)));
    at = end;
  }
  return messages;
}
