import type { ResolveTarget } from '../../application/ports/system.ts';
import { bind } from './bind.ts';
import { dial, type Server, serverOf } from './dial.ts';
import { DirectoryError, mayAskElsewhere } from './errors.ts';
import { kindOf } from './search.ts';
import type { DirectoryKind, LdapSettings } from './settings.ts';
import type { Wire } from './wire.ts';

/** A connection on which the searching account is bound. */
export interface Link {
  readonly wire: Wire;
  readonly kind: DirectoryKind;
  /** Binds the searching account again, after somebody else was bound on this connection. */
  rebind(): Promise<void>;
  readonly signal: AbortSignal;
}

export interface Servers {
  /**
   * Runs `work` on the first server that answers, each with its share of `withinMs`, the last one that answered first.
   * Only a server that says nothing, or nothing that can be trusted, is passed over: what one says of a password stands.
   */
  onFirst<T>(withinMs: number, work: (link: Link) => Promise<T>): Promise<T>;
  /** A connection for longer work, which the caller closes; its own signal is that of the connecting alone. */
  open(withinMs: number): Promise<Link>;
  /** Fires with `close`. */
  readonly closing: AbortSignal;
  /** Ends what is under way; nothing begins any more. */
  close(): void;
}

export function makeServers(settings: LdapSettings, resolve: ResolveTarget): Servers {
  const servers = settings.urls.map(serverOf);
  if (servers.length === 0) throw new Error(`IdentityProvider ${settings.name} names no LDAP server`);
  const closing = new AbortController();
  let answered = 0;

  const connect = async (server: Server, signal: AbortSignal): Promise<Link> => {
    const wire = await dial(server, settings.ca, resolve, signal);
    try {
      await bindSearcher(wire, settings, signal);
      const kind = await kindOf(wire, signal);
      return { wire, kind, signal, rebind: async () => await bindSearcher(wire, settings, signal) };
    } catch (error) {
      wire.close();
      throw error;
    }
  };

  const firstOf = async <T>(withinMs: number, step: (link: Link) => Promise<T>): Promise<T> => {
    const deadline = performance.now() + withinMs;
    const failures: DirectoryError[] = [];
    const first = answered;
    for (let tried = 0; tried < servers.length; tried += 1) {
      const at = (first + tried) % servers.length;
      const server = servers[at];
      if (server === undefined || closing.signal.aborted) break;
      const share = Math.max(1, Math.floor((deadline - performance.now()) / (servers.length - tried)));
      try {
        const link = await connect(server, AbortSignal.any([AbortSignal.timeout(share), closing.signal]));
        const result = await step(link);
        answered = at;
        return result;
      } catch (error) {
        if (!mayAskElsewhere(error)) throw error;
        failures.push(new DirectoryError(error.reason, `${server.host}:${server.port}: ${error.message}`));
      }
    }
    const untrusted = failures.length > 0 && failures.every(({ reason }) => reason === 'untrusted');
    const all = failures.map(({ message }) => message).join('; ');
    throw new DirectoryError(untrusted ? 'untrusted' : 'unavailable', all === '' ? 'the provider is closed' : all);
  };

  return {
    onFirst: async (withinMs, work) =>
      await firstOf(withinMs, async (link) => {
        try {
          return await work(link);
        } finally {
          link.wire.close();
        }
      }),
    open: async (withinMs) => await firstOf(withinMs, async (link) => link),
    closing: closing.signal,
    close: () => {
      closing.abort();
    },
  };
}

async function bindSearcher(wire: Wire, settings: LdapSettings, signal: AbortSignal): Promise<void> {
  const outcome = await bind(wire, settings.bindDn, settings.bindPassword, 'ldap', signal);
  if (outcome.right && outcome.standing === null) return;
  const why = outcome.right ? 'has to change its password' : `was refused (${outcome.detail})`;
  throw new DirectoryError('unavailable', `the searching account ${why}: look at bindDn and bindPassword`);
}
