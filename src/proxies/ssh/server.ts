import { createRequire } from 'node:module';
import ssh2 from 'ssh2';
import type { Socket } from 'node:net';
import type { ProxyDoor } from '../../application/admission/door.ts';
import type { BeginBrowserLogin } from '../../application/ports/browser-login.ts';
import { type ListenerLimits, startListener, type Visitor } from '../kit/listener.ts';
import { clientAlgorithms } from './algorithms.ts';
import { ClientLeg } from './client-leg.ts';
import { type MenuLimits, Menus } from './menu/menu-watch.ts';
import { socketOf, withoutSha1 } from './transport.ts';
import { turnAway } from './turn-away.ts';

export interface SshProxyOptions {
  readonly door: ProxyDoor;
  /** Who has no token may log in in a browser. */
  readonly browserLogin?: BeginBrowserLogin | null;
  readonly host: string;
  readonly port: number;
  /** Private host keys, unencrypted, in OpenSSH's own format or as PKCS#1 or SEC1 PEM: one of each type at the most. */
  readonly hostKeys: readonly string[];
  /** After so much silence a client is asked whether it is there; three questions without an answer end the session. */
  readonly keepAliveMilliseconds?: number;
  readonly limits?: Partial<ListenerLimits> & {
    readonly channels?: number;
    readonly tries?: number;
    readonly tellMilliseconds?: number;
    readonly reasonMilliseconds?: number;
    readonly menu?: Partial<MenuLimits>;
  };
}

export interface SshProxy {
  readonly host: string;
  readonly port: number;
  /** Takes no more connections; those who have not logged in are gone. */
  shut(): Promise<void>;
  /** The same, and ends those that are still there with a message. */
  close(): Promise<void>;
}

const defaultChannels = 64;
const defaultTries = 6;
const defaultTellMilliseconds = 10_000;
const defaultReasonMilliseconds = 90_000;
/** What both sides see of the product; a version would only help those who look for holes. */
const identification = 'Sallyport';

/** True when ssh2's compiled ciphers are loaded; without them everything works at about half the speed. */
export function hasNativeCiphers(): boolean {
  const crypto = createRequire(import.meta.url)('ssh2/lib/protocol/crypto.js') as {
    readonly bindingAvailable: boolean;
  };
  return crypto.bindingAvailable;
}

/** Opens the SSH door. Every connection is handled by a `ClientLeg`. */
export async function startSshProxy(options: SshProxyOptions): Promise<SshProxy> {
  const visitors = new WeakMap<Socket, { readonly visitor: Visitor; onLate: (leave: () => void) => void }>();
  const legs = new Set<ClientLeg>();
  const menus = new Menus(options.limits?.menu);
  const ssh = new ssh2.Server({
    ident: identification,
    keepaliveInterval: options.keepAliveMilliseconds ?? 15_000,
    keepaliveCountMax: 3,
    hostKeys: [...options.hostKeys],
    algorithms: clientAlgorithms,
  });
  ssh.on('connection', (connection, info) => {
    const socket = socketOf(connection);
    const known = visitors.get(socket);
    if (known === undefined) {
      socket.destroy();
      return;
    }
    withoutSha1(connection);
    const leg = new ClientLeg(connection, info.header.identRaw, known.visitor, {
      door: options.door,
      browserLogin: options.browserLogin ?? null,
      channels: options.limits?.channels ?? defaultChannels,
      tries: options.limits?.tries ?? defaultTries,
      tellMilliseconds: options.limits?.tellMilliseconds ?? defaultTellMilliseconds,
      reasonMilliseconds: options.limits?.reasonMilliseconds ?? defaultReasonMilliseconds,
      menus,
    });
    known.onLate(() => leg.input({ type: 'late' }));
    legs.add(leg);
    socket.once('close', () => legs.delete(leg));
  });
  const listener = await startListener({
    host: options.host,
    port: options.port,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    onVisitor: (visitor, onLate) => {
      const refusal = options.door.turnsAway(visitor.source);
      if (refusal !== null) {
        turnAway(visitor.socket, identification, refusal);
        return;
      }
      visitors.set(visitor.socket, { visitor, onLate });
      ssh.injectSocket(visitor.socket);
    },
  });
  return {
    host: listener.host,
    port: listener.port,
    shut: async () => listener.close(),
    close: async () => {
      await listener.close();
      for (const leg of legs) leg.input({ type: 'stopped' });
    },
  };
}
