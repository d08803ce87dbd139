import { Client } from 'ssh2';
import type { AuthorizedSession } from '../../application/admission/authorized-session.ts';
import { HostKeyRefused } from '../../application/admission/host-key-refusal.ts';
import type { TargetTerminal, TargetTerminals } from '../../application/ports/target-terminal.ts';
import type { Vault } from '../../application/ports/vault.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { algorithms } from './algorithms.ts';
import { openFailure } from './codec/messages.ts';
import { encodeForward } from './codec/requests.ts';
import { Connection, isConnectionMessage } from './connection.ts';
import { fingerprint, hostKeyPreference, isTrusted, keyLine } from './host-key.ts';
import { targetLogin } from './target-credential.ts';
import { forwardOf, startTerminal } from './terminal-channel.ts';
import { disconnectReason, openTransport, signWithSha2 } from './transport.ts';

export interface TargetLegOptions {
  readonly vault: Vault;
  /** Whether an address is one of this installation's own ports, which no target may name (security rule W5). */
  readonly leadsToUs: (host: string, port: number) => Promise<boolean>;
  /** From the first packet to the end of the login. */
  readonly connectMilliseconds?: number;
  readonly keepAliveMilliseconds?: number;
}

/** Target legs over SSH, with a login from custody and a host key checked before any of it is used. */
export function sshTargetTerminals(options: TargetLegOptions): TargetTerminals {
  return { connect: async (session) => await connect(session, options) };
}

/** A name that can't be resolved is a no as well. */
async function refuseOwnAddress({ target }: AuthorizedSession, { leadsToUs }: TargetLegOptions): Promise<void> {
  const own = await leadsToUs(target.host, target.port).catch((error: unknown) => {
    const message = `the target's host name can't be resolved; an administrator checks its address`;
    throw new SallyportError('unavailable', 'target-unreachable', message, { cause: error });
  });
  if (!own) return;
  const message = 'the address of the target leads back to this installation; an administrator mends it in the Target';
  throw new SallyportError('denied', 'target-unreachable', message);
}

async function connect(session: AuthorizedSession, options: TargetLegOptions): Promise<TargetTerminal> {
  const { target, account } = session;
  await refuseOwnAddress(session, options);
  const login = await targetLogin(account, options.vault);
  const client = new Client();
  const lost = new Set<(reason: 'closed-by-target' | 'target-lost') => void>();
  const refused: string[] = [];
  let trusted = false;
  let identity = '';
  let wasReady = false;
  let closing = false;
  let fault: Error | undefined;

  const ready = new Promise<void>((resolve, reject) => {
    client.on('ready', () => {
      wasReady = true;
      resolve();
    });
    client.on('error', (error) => {
      fault ??= error;
      reject(error);
    });
    client.on('close', () => reject(fault ?? new Error('the target closed the connection')));
  });
  client.connect({
    host: target.host,
    port: target.port,
    username: account.username,
    algorithms: { ...algorithms, serverHostKey: hostKeyPreference(target.trust) },
    readyTimeout: options.connectMilliseconds ?? 10_000,
    keepaliveInterval: options.keepAliveMilliseconds ?? 15_000,
    keepaliveCountMax: 3,
    hostVerifier: (key: Buffer) => {
      trusted = isTrusted(key, target.trust);
      if (trusted) identity = fingerprint(key);
      else refused.push(keyLine(key));
      signWithSha2(client);
      return trusted;
    },
    authHandler: (methodsLeft, _partial, next) => {
      // ssh2 takes `false` for "no more", which its types leave out.
      (next as (method: unknown) => void)(trusted ? login.next(methodsLeft) : false);
    },
  });
  const transport = openTransport(client, (payload) => {
    if (!isConnectionMessage(payload)) return 'pass';
    // Before the login is done only a broken target speaks of channels.
    if (wasReady) connection.receive(payload);
    return 'taken';
  });
  const connection = new Connection(transport, {
    open: () => ({ ok: false, reason: openFailure.prohibited, text: 'channels from the target are not taken' }),
    globalRequest: () => false,
  });
  client.on('close', () => {
    connection.end();
    if (closing || !wasReady) return;
    for (const listener of lost) listener(fault === undefined ? 'closed-by-target' : 'target-lost');
  });

  try {
    await ready;
  } catch (error) {
    client.destroy();
    const [offered] = refused;
    if (offered === undefined) throw connectError(error, trusted, session);
    throw new HostKeyRefused(offered, target.trust?.hostKeys ?? []);
  } finally {
    login.forget();
  }
  return {
    identity,
    open: async (request) => await connection.open((channel) => startTerminal(channel, request), 'session'),
    forward: async (request) => await connection.open(forwardOf, 'direct-tcpip', ...encodeForward(request)),
    onLost: (listener) => lost.add(listener),
    close: () => {
      closing = true;
      transport.disconnect(disconnectReason.byApplication, 'the session is over');
    },
  };
}

/** `client-authentication` is ssh2's word for a refused login; a target that hangs up instead counts the same once it is known. */
function connectError(error: unknown, trusted: boolean, session: AuthorizedSession): SallyportError {
  const { target, account } = session;
  const level = (error as { readonly level?: unknown }).level;
  if (trusted && level !== 'client-timeout' && level !== 'client-socket') {
    return new SallyportError(
      'denied',
      'target-login-failed',
      `${target.name} refused the login of ${account.username}: an administrator has to check the credential in custody`,
      { cause: error },
    );
  }
  return new SallyportError(
    'unavailable',
    'target-unreachable',
    `${target.name} cannot be reached: try again later or ask an administrator whether it is running`,
    { cause: error },
  );
}
