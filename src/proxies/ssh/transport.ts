import type { Socket } from 'node:net';
import type { Client, Connection as ServerConnection } from 'ssh2';
import { encode, number } from './codec/messages.ts';
import { guarded } from '../kit/guarded.ts';
import { allocPacket, type PacketCipher } from './packets.ts';
import { Rekeys } from './rekeys.ts';
import { mendSplitIdentification } from './split-identification.ts';

mendSplitIdentification();

/** The parts of ssh2 1.17.0's inner protocol object that are used here; docs/decisions/0050 says why. */
interface Inner {
  _onPayload: (payload: Buffer) => unknown;
  readonly _onPacket: () => void;
  readonly _packetRW: {
    readonly write: {
      readonly allocStart: number;
      readonly allocStartKEX: number;
      alloc(size: number, force?: boolean): Buffer;
      finalize(packet: Buffer, force?: boolean): Buffer;
    };
  };
  /** Set while keys are exchanged: what is sent then waits in the queue. */
  readonly _kexinit: unknown;
  _queue: Buffer[] | undefined;
  readonly _cipher: PacketCipher;
  /** Called when keys are agreed; it sends SSH_MSG_EXT_INFO to a client that asked for it in the key exchange. */
  _onHandshakeComplete: (...args: readonly unknown[]) => void;
  readonly _kex: { remoteExtInfoEnabled: boolean } | undefined;
  /** What is offered for the key exchange. */
  _offer: Offer;
  /** Set from the peer's software name. */
  _compatFlags: number;
  /** Undefined once the connection is unusable. */
  readonly _destruct: unknown;
}

interface Names {
  readonly array: readonly string[];
}

interface Direction<T> {
  readonly cipher: T;
  readonly mac: T;
  readonly compress: T;
  readonly lang: T;
}

interface Lists<T> {
  readonly kex: T;
  readonly serverHostKey: T;
  readonly cs: Direction<T>;
  readonly sc: Direction<T>;
}

/** ssh2's KexInit. */
interface Offer {
  readonly lists: Lists<Names>;
  readonly constructor: unknown;
}

/** What ssh2 does for us: packets, keys and ciphers under the connection protocol (RFC 4253). */
export interface Transport {
  /** Sends one payload; nothing once the connection is down. */
  send(payload: Uint8Array): void;
  /** Sends SSH_MSG_CHANNEL_DATA (code 0) or _EXTENDED_DATA, copying the bytes once, into the packet. */
  sendData(recipient: number, code: number, data: Uint8Array): void;
  /** Bytes that wait for the network or for new keys. */
  readonly backlog: number;
  onDrain(listener: () => void): void;
  /** Sends SSH_MSG_DISCONNECT with a text and closes the socket; destroys it when the peer does not follow in time. */
  disconnect(reason: number, text: string): void;
  readonly down: boolean;
}

/** Which payloads ssh2 does not get to see. Throwing ends the connection. */
export type Intercept = (payload: Buffer) => 'taken' | 'pass';

/** Reasons of RFC 4253 section 11.1. */
export const disconnectReason = {
  protocolError: 2,
  serviceNotAvailable: 7,
  byApplication: 11,
  noMoreMethods: 14,
} as const;

/** How long the last bytes may take to leave, in milliseconds. */
const lingerMilliseconds = 700;
/** When this much waits for the network, nothing more is read: a peer that does not read cannot make us answer on. */
const highestBacklog = 4 * 1024 * 1024;

/** How long a key exchange that the peer begins may take, in milliseconds. */
const defaultRekeyMilliseconds = 30_000;

/** ssh2's COMPAT.IMPLY_RSA_SHA2_SIGALGS. */
const implyRsaSha2 = 1 << 4;

/** RSA keys sign with SHA-2 even when the server does not list what it takes; ssh2 would fall back to SHA-1 there. */
export function signWithSha2(client: Client): void {
  innerOf(client)._compatFlags |= implyRsaSha2;
}

/**
 * Takes `ssh-rsa` (SHA-1) out of the offer of one server connection before its key exchange: ssh2 adds it to every RSA
 * host key, whatever list it was given.
 */
export function withoutSha1(connection: ServerConnection): void {
  offerHostKeys(connection, (names) => names.filter((name) => name !== 'ssh-rsa'));
}

/** Offers other host key algorithms than ssh2 would, ones among them that it does not know; before the key exchange. */
export function offerHostKeys(
  connection: ServerConnection | Client,
  change: (names: readonly string[]) => readonly string[],
): void {
  const inner = innerOf(connection);
  const { lists, constructor } = inner._offer;
  const KexInit = constructor as new (lists: Lists<readonly string[]>) => Offer;
  const direction = (from: Direction<Names>): Direction<readonly string[]> => ({
    cipher: from.cipher.array,
    mac: from.mac.array,
    compress: from.compress.array,
    lang: [],
  });
  inner._offer = new KexInit({
    kex: lists.kex.array,
    serverHostKey: change(lists.serverHostKey.array),
    cs: direction(lists.cs),
    sc: direction(lists.sc),
  });
}

/**
 * Names the signature algorithms that clients may log in with (RFC 8308). ssh2's own list has `ssh-rsa` and `ssh-dss`
 * (SHA-1) in it, and a comma too few, so that `rsa-sha2-512` is not.
 */
export function announceSignatures(
  connection: ServerConnection,
  transport: Transport,
  algorithms: readonly string[],
): void {
  const inner = innerOf(connection);
  const complete = inner._onHandshakeComplete;
  let isFirst = true;
  inner._onHandshakeComplete = (...args) => {
    const isAskedFor = isFirst && inner._kex?.remoteExtInfoEnabled === true;
    isFirst = false;
    if (inner._kex !== undefined) inner._kex.remoteExtInfoEnabled = false;
    if (isAskedFor) transport.send(encode.serverSigAlgs(algorithms));
    complete(...args);
  };
}

/** The socket under a connection. */
export function socketOf(connection: ServerConnection | Client): Socket {
  return (connection as unknown as { readonly _sock: Socket })._sock;
}

/** ssh2's inner protocol object. */
export function innerOf(connection: ServerConnection | Client): Inner {
  return (connection as unknown as { readonly _protocol: Inner })._protocol;
}

/** Puts `intercept` before ssh2's own dispatch. For the server before the key exchange, for the client before `connect` is answered. */
export function openTransport(
  connection: ServerConnection | Client,
  intercept: Intercept,
  rekeyMilliseconds = defaultRekeyMilliseconds,
): Transport {
  const inner = innerOf(connection);
  const socket = socketOf(connection);
  const dispatch = inner._onPayload;
  const rekeys = new Rekeys();
  let unfinished: NodeJS.Timeout | undefined;
  connection.on('handshake', () => clearTimeout(unfinished));
  socket.once('close', () => clearTimeout(unfinished));
  inner._onPayload = (payload) => {
    if (payload[0] === number.kexInit) {
      rekeys.begun(socket.bytesRead + socket.bytesWritten, performance.now());
      unfinished = setTimeout(() => socket.destroy(), rekeyMilliseconds);
    }
    if (socket.writableLength > highestBacklog && !socket.isPaused()) {
      socket.pause();
      socket.once('drain', () => socket.resume());
    }
    if (payload.length === 0 || intercept(payload) === 'pass') return dispatch(payload);
    inner._onPacket();
    return undefined;
  };
  // Packets made while one piece of input is handled leave in one system call.
  let corked = false;
  const batch = (): void => {
    if (corked || socket.destroyed) return;
    corked = true;
    socket.cork();
    process.nextTick(() => {
      corked = false;
      socket.uncork();
    });
  };

  // What waits for the end of a key exchange counts as backlog: a peer may begin one and never go on.
  let held = 0;
  const transmit = (packet: Buffer): void => {
    batch();
    const ready = inner._packetRW.write.finalize(packet);
    if (inner._kexinit === undefined) inner._cipher.encrypt(ready);
    else {
      (inner._queue ??= []).push(ready);
      held += ready.length;
    }
  };
  connection.on('handshake', () => (held = 0));
  const alloc = (length: number): Buffer =>
    inner._kexinit === undefined ? allocPacket(inner._cipher, length) : inner._packetRW.write.alloc(length);
  const usable = (): boolean => inner._destruct !== undefined && socket.writable;

  return {
    send: (payload) => {
      if (!usable()) return;
      const { allocStart } = inner._packetRW.write;
      const packet = alloc(payload.length);
      packet.set(payload, allocStart);
      transmit(packet);
    },
    sendData: (recipient, code, data) => {
      if (!usable()) return;
      const head = code === 0 ? 9 : 13;
      let at = inner._packetRW.write.allocStart;
      const packet = alloc(head + data.length);
      packet[at] = code === 0 ? number.channelData : number.channelExtendedData;
      at = packet.writeUInt32BE(recipient, at + 1);
      if (code !== 0) at = packet.writeUInt32BE(code, at);
      at = packet.writeUInt32BE(data.length, at);
      packet.set(data, at);
      transmit(packet);
    },
    get backlog() {
      return socket.writableLength + held;
    },
    onDrain: (listener) => {
      socket.on('drain', () => guarded(listener, () => socket.destroy()));
      connection.on('handshake', listener);
    },
    disconnect: (reason, text) => {
      if (usable()) {
        const payload = encode.disconnect(reason, text);
        const start = inner._packetRW.write.allocStartKEX;
        const packet = inner._packetRW.write.alloc(payload.length, true);
        packet.set(payload, start);
        inner._cipher.encrypt(inner._packetRW.write.finalize(packet, true));
      }
      socket.end();
      const timer = setTimeout(() => socket.destroy(), lingerMilliseconds);
      socket.once('close', () => clearTimeout(timer));
    },
    get down() {
      return !usable();
    },
  };
}
