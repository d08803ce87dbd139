import { type AnyAuthMethod, Client } from 'ssh2';
import type { ResolvedTarget } from '../../application/ports/system.ts';
import { connectTarget } from '../kit/target-address.ts';
import { algorithms, hostKeyAlgorithms } from './algorithms.ts';
import { takeHostCertificates } from './certified-keys.ts';
import type { ShownHostKey } from './host-key.ts';
import { offerHostKeys, signWithSha2 } from './transport.ts';

export interface DialOptions {
  readonly host: string;
  readonly port: number;
  readonly address: ResolvedTarget;
  readonly username: string;
  /** Host key algorithms to ask for, certificates among them, in this order. */
  readonly hostKeys: readonly string[];
  /** At every key exchange: whether the connection goes on with this key. That the target holds it is proven after. */
  readonly verify: (shown: ShownHostKey) => boolean;
  /** The next attempt to log in; false when there is none. */
  readonly authenticate: (methodsLeft: readonly string[] | null, partial: boolean) => AnyAuthMethod | false;
  readonly keepAliveMilliseconds: number;
}

/** Begins an SSH connection to a target's address, as it was resolved. Deadlines are the caller's. */
export function dial(options: DialOptions): Client {
  const client = new Client();
  let certificate: Buffer | null = null;
  client.connect({
    sock: connectTarget(options.host, options.port, options.address),
    username: options.username,
    algorithms: { ...algorithms, serverHostKey: [...hostKeyAlgorithms] },
    readyTimeout: 0,
    keepaliveInterval: options.keepAliveMilliseconds,
    keepaliveCountMax: 3,
    hostVerifier: (key: Buffer) => {
      const shown = { key: Buffer.from(key), certificate };
      certificate = null;
      signWithSha2(client);
      return options.verify(shown);
    },
    authHandler: (methodsLeft, partial, next) => {
      // ssh2 takes `false` for "no more", which its types leave out.
      (next as (method: unknown) => void)(options.authenticate(methodsLeft, partial));
    },
  });
  offerHostKeys(client, () => options.hostKeys);
  takeHostCertificates(client, (shown) => (certificate = shown));
  return client;
}
