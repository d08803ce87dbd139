import type { ProxyDoor } from '../../application/admission/door.ts';
import type { StatementParser } from '../../application/ports/statement-parser.ts';
import { type ListenerLimits, startListener } from '../kit/listener.ts';
import { CancelKeys } from './cancel-keys.ts';
import { ClientLeg } from './client-leg.ts';
import { MessageMemory } from './message-memory.ts';
import type { Relay } from './relay.ts';
import { serverTls } from './server-tls.ts';

export interface PostgresProxyOptions {
  readonly door: ProxyDoor;
  readonly host: string;
  readonly port: number;
  /** PEM. What clients verify, and what binds their proof to this server (RFC 5929). */
  readonly tls: { readonly key: string; readonly cert: string };
  readonly parser: StatementParser;
  readonly limits?: Partial<ListenerLimits>;
}

export interface PostgresProxy {
  readonly host: string;
  readonly port: number;
  /** Connections from now on get this certificate. */
  renew(tls: PostgresProxyOptions['tls']): void;
  /** Takes no more connections; those who have not logged in are gone. */
  shut(): Promise<void>;
  /** The same, and ends those that are still there with a message. */
  close(): Promise<void>;
}

/** Opens the PostgreSQL door. Every connection is handled by a `ClientLeg`. */
export async function startPostgresProxy(options: PostgresProxyOptions): Promise<PostgresProxy> {
  const legs = new Set<ClientLeg>();
  const keys = new CancelKeys<Relay>();
  const memory = new MessageMemory();
  let tls = serverTls(options.tls);
  const { door, parser } = options;
  const listener = await startListener({
    host: options.host,
    port: options.port,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    onVisitor: (visitor, onLate) => {
      const leg = new ClientLeg(visitor, { door, parser, keys, memory, tls });
      onLate(() => leg.input({ type: 'late' }));
      legs.add(leg);
      visitor.socket.once('close', () => legs.delete(leg));
    },
  });
  return {
    host: listener.host,
    port: listener.port,
    renew: (next) => (tls = serverTls(next)),
    shut: async () => listener.close(),
    close: async () => {
      await listener.close();
      for (const leg of legs) leg.input({ type: 'stopped' });
    },
  };
}
