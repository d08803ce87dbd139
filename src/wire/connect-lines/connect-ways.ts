import { postgresWays } from './postgres.ts';
import { sshWays } from './ssh.ts';
import type { ConnectWay, Destination, Place } from './way.ts';

/**
 * Every way to one account through the door of its protocol, the usual one first; none for a protocol without a door.
 * `ca`: the path under which the client finds the installation's CA; undefined: one that its system trusts.
 */
export function connectWays(to: Destination, door: Place, ca: string | undefined): readonly ConnectWay[] {
  if (to.protocol === 'ssh') return sshWays(to, door);
  return to.protocol === 'postgres' ? postgresWays(to, door, ca) : [];
}
