import type { AddressInfo, Socket } from 'node:net';
import { createServer as createPlain } from 'node:net';
import { createServer, TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import type { TestCa } from '../../kit/certificates.ts';

/** BER of one element. */
export function ber(tag: number, ...content: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  const length = Buffer.alloc(5);
  length[0] = 0x84;
  length.writeUInt32BE(body.length, 1);
  return Buffer.concat([Buffer.from([tag]), body.length < 128 ? Buffer.from([body.length]) : length, body]);
}

export const message = (id: number, operation: Buffer, ...controls: readonly Buffer[]): Buffer =>
  ber(0x30, ber(0x02, Buffer.from([id])), operation, ...(controls.length === 0 ? [] : [ber(0xa0, ...controls)]));

/** A result with its code; the tag says of what: 0x61 bind, 0x65 search, 0x78 extended operation. */
export const result = (tag: number, code: number, text = '', ...more: readonly Buffer[]): Buffer =>
  ber(tag, ber(0x0a, Buffer.from([code])), ber(0x04), ber(0x04, text), ...more);

export const entry = (dn: string, attributes: Readonly<Record<string, readonly (Buffer | string)[]>>): Buffer =>
  ber(
    0x64,
    ber(0x04, dn),
    ber(
      0x30,
      ...Object.entries(attributes).map(([type, values]) =>
        ber(0x30, ber(0x04, type), ber(0x31, ...values.map((value) => ber(0x04, value)))),
      ),
    ),
  );

/** Paged results (RFC 2696) with a cookie. */
export const pageControl = (cookie: string): Buffer =>
  ber(0x30, ber(0x04, '1.2.840.113556.1.4.319'), ber(0x04, ber(0x30, ber(0x02, Buffer.from([0])), ber(0x04, cookie))));

export interface Asked {
  readonly id: number;
  /** 0x60 bind, 0x63 search, 0x77 extended operation. */
  readonly operation: number;
  readonly bytes: Buffer;
  /** How many of this operation came before it on this connection. */
  readonly nth: number;
  readonly socket: Socket;
}

export interface FakeServer {
  readonly url: string;
  readonly plainUrl: string;
  /** Operations asked so far, of all connections. */
  readonly asked: readonly Asked[];
  /** Connections taken so far. */
  connections(): number;
}

/** A TLS server that speaks as it is told: `answer` writes what it likes, or nothing. Closed with the running test. */
export async function startFakeServer(ca: TestCa, answer: (asked: Asked) => Buffer | null): Promise<FakeServer> {
  const identity = await ca.certify();
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const serve = (socket: Socket, plain: boolean): void => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const counts = new Map<number, number>();
    const onData = (bytes: Buffer): void => {
      for (const request of split(bytes)) {
        const operation = request.bytes[request.at] ?? 0;
        const nth = counts.get(operation) ?? 0;
        counts.set(operation, nth + 1);
        const one = { id: request.id, operation, bytes: request.bytes, nth, socket };
        asked.push(one);
        const said = answer(one);
        if (said !== null) socket.write(said);
        if (plain && operation === 0x77 && said !== null) {
          socket.off('data', onData);
          serve(new TLSSocket(socket, { isServer: true, ...identity }), false);
        }
      }
    };
    socket.on('data', onData);
  };
  const tls = createServer(identity, (socket) => {
    serve(socket, false);
  });
  const plain = createPlain((socket) => {
    serve(socket, true);
  });
  for (const server of [tls, plain]) {
    server.on('connection', (socket: Socket) => {
      connections += 1;
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    tls.close();
    plain.close();
  });
  const portOf = (server: typeof tls | typeof plain): number => (server.address() as AddressInfo).port;
  return {
    url: `ldaps://127.0.0.1:${portOf(tls)}`,
    plainUrl: `ldap://127.0.0.1:${portOf(plain)}`,
    asked,
    connections: () => connections,
  };
}

/** Requests are small and come whole. */
function split(bytes: Buffer): { readonly id: number; readonly at: number; readonly bytes: Buffer }[] {
  const found: { id: number; at: number; bytes: Buffer }[] = [];
  for (let rest = bytes; rest.length > 0; ) {
    const first = rest[1] ?? 0;
    const head = first < 0x80 ? 2 : 2 + (first & 0x7f);
    const length = first < 0x80 ? first : rest.readUIntBE(2, first & 0x7f);
    const one = rest.subarray(0, head + length);
    found.push({ id: one[head + 2] ?? 0, at: head + 3, bytes: one });
    rest = rest.subarray(head + length);
  }
  return found;
}
