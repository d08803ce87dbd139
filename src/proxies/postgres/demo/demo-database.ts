import type { TLSSocket } from 'node:tls';
import { startListener, type Visitor } from '../../kit/listener.ts';
import { readFirstPacket } from '../codec/startup.ts';
import { fatal, type LastWords } from '../goodbye.ts';
import { secure, serverTls, type ServerTls } from '../server-tls.ts';
import { EmbeddedDatabase } from './embedded-database.ts';

export interface DemoDatabase {
  readonly port: number;
  close(): Promise<void>;
}

const taken: LastWords = {
  code: '53300',
  message: 'the embedded demo database serves one connection at a time, and another one is open; end that one first',
};
const starting: LastWords = {
  code: '57P03',
  message: 'the embedded demo database is starting; connect again in a few seconds',
};
const crashed: LastWords = {
  code: '57P02',
  message: 'the embedded demo database has ended; connect again, and it begins anew',
};

/**
 * The demo's database on 127.0.0.1, for trying things out: inside TLS with the given certificate (PEM), one connection at a
 * time, for whoever asks (it knows no passwords). Its process is started at the first connection.
 */
export async function startDemoDatabase(tls: { readonly key: string; readonly cert: string }): Promise<DemoDatabase> {
  const context = serverTls(tls);
  const database = new EmbeddedDatabase();
  const visitors = new Set<Visitor>();
  const listener = await startListener({
    host: '127.0.0.1',
    port: 0,
    limits: { waiting: 64 },
    onVisitor: (visitor) => {
      visitors.add(visitor);
      visitor.socket.once('close', () => visitors.delete(visitor));
      greet(visitor, context, database);
    },
  });
  return {
    port: listener.port,
    close: async () => {
      await listener.close();
      for (const { socket } of visitors) socket.destroy();
      await database.close();
    },
  };
}

/** Nothing is heard before TLS but the wish for it. */
function greet(visitor: Visitor, context: ServerTls, database: EmbeddedDatabase): void {
  const { socket } = visitor;
  socket.once('data', (bytes: Buffer) => {
    if (firstPacket(bytes) !== 'ssl-request') {
      socket.destroy();
      return;
    }
    visitor.reached(1);
    socket.write('S');
    const inside = secure(socket, context);
    inside.on('error', () => socket.destroy());
    inside.once('data', (startup: Buffer) => {
      // A cancel request can't be heeded: the database is at work and hears nothing.
      if (firstPacket(startup) !== 'startup') {
        inside.end();
        return;
      }
      visitor.loggedIn();
      inside.pause();
      // No process can be started: nothing can be said about it here.
      serve(inside, startup, database).catch(() => inside.destroy());
    });
  });
}

/** Our own target leg sends it in one piece, with nothing behind it. */
function firstPacket(bytes: Buffer): string | null {
  try {
    const read = readFirstPacket(bytes);
    return read?.rest.length === 0 ? read.packet.type : null;
  } catch {
    return null;
  }
}

async function serve(client: TLSSocket, startup: Buffer, database: EmbeddedDatabase): Promise<void> {
  const turn = await database.begin(startup, {
    said: (bytes) => !client.writable || client.write(bytes),
    gone: () => client.end(fatal(crashed)),
  });
  if (turn === 'starting' || turn === 'taken') {
    client.end(fatal(turn === 'starting' ? starting : taken));
    return;
  }
  turn.onDrain(() => client.resume());
  client.on('drain', () => turn.resume());
  client.on('data', (bytes: Buffer) => {
    if (!turn.send(bytes)) client.pause();
  });
  client.on('end', () => turn.end());
  client.on('close', () => turn.end());
  if (client.destroyed) turn.end();
  client.resume();
}
