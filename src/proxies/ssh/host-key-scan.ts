import type { OfferedHostKey, ScanHostKeys } from '../../application/ports/host-key-scan.ts';
import type { ResolvedTarget, ResolveTarget } from '../../application/ports/system.ts';
import { hostKeyAlgorithms } from './algorithms.ts';
import { certified } from './certified-keys.ts';
import { dial } from './dial.ts';
import { certificateProblem, decodeHostCertificate } from './host-certificate.ts';
import { fingerprint, keyLine, type ShownHostKey } from './host-key.ts';

export interface ScanOptions {
  readonly resolve: ResolveTarget;
  /** For the whole scan. */
  readonly scanMilliseconds?: number;
}

/** One connection for each: a server shows one key in a key exchange. */
const families = ['ssh-ed25519', 'ecdsa-', 'rsa-'].map((start) =>
  hostKeyAlgorithms.filter((algorithm) => algorithm.startsWith(start)),
);
const offers: readonly (readonly string[])[] = [...families, ...families.map((names) => names.map(certified))];

type Shown = { readonly shown: ShownHostKey } | { readonly none: true } | { readonly error: string };

/** Collects the host keys of a server, each proven by its signature, and its certificates; never logs in. */
export function hostKeyScan({ resolve, scanMilliseconds = 15_000 }: ScanOptions): ScanHostKeys {
  return async (host, port) => {
    const place = `${host.includes(':') ? `[${host}]` : host}:${String(port)}`;
    const address = await resolve(host, port).catch(() => null);
    if (address === null) return { offered: [], error: `the name ${host} can't be resolved` };
    if (address.leadsToUs) return { offered: [], error: `${place} leads back to this installation` };
    const until = performance.now() + scanMilliseconds;
    const offered: OfferedHostKey[] = [];
    for (const hostKeys of offers) {
      const result = await shake({ host, port, address, hostKeys, place }, until - performance.now());
      if ('error' in result) return { offered, error: result.error };
      if ('shown' in result) offered.push(describe(result.shown, host));
    }
    return { offered, error: offered.length === 0 ? `${place} has no host key of a type that is taken here` : null };
  };
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly address: ResolvedTarget;
  readonly hostKeys: readonly string[];
  /** For messages. */
  readonly place: string;
}

/** One key exchange. */
async function shake({ place, ...where }: Place, milliseconds: number): Promise<Shown> {
  const { promise, resolve } = Promise.withResolvers<Shown>();
  let shown: ShownHostKey | undefined;
  let connected = false;
  const client = dial({
    ...where,
    username: 'none',
    verify: (key) => {
      shown = key;
      return true;
    },
    authenticate: () => false,
    keepAliveMilliseconds: 0,
  });
  client.on('connect', () => (connected = true));
  client.on('handshake', () => resolve(shown === undefined ? { none: true } : { shown }));
  client.on('error', (error) => {
    resolve(error.message.includes('no matching host key format') ? { none: true } : { error: faultOf(place, error) });
  });
  client.on('close', () => resolve({ error: hungUp(place) }));
  const timer = setTimeout(
    () => {
      const what = connected ? 'answers, but not as an SSH server does' : 'does not answer';
      resolve({ error: `${place} ${what}: given up` });
    },
    Math.max(0, milliseconds),
  );
  const result = await promise;
  clearTimeout(timer);
  client.destroy();
  return result;
}

function hungUp(place: string): string {
  return `${place} closed the connection: it is no SSH server, or busy`;
}

/** Never with words of the peer. */
function faultOf(place: string, error: Error & { readonly level?: unknown; readonly code?: unknown }): string {
  if (error.message === 'Connection lost before handshake') return hungUp(place);
  if (error.level !== 'client-socket')
    return `${place} does not speak SSH as it should, or shares no algorithm with us`;
  if (error.code === 'ECONNREFUSED') return `${place} refuses connections: nothing listens there`;
  return `${place} can't be reached (${typeof error.code === 'string' ? error.code : 'network error'})`;
}

function describe({ key, certificate }: ShownHostKey, host: string): OfferedHostKey {
  const plain = { line: keyLine(key), fingerprint: fingerprint(key) };
  if (certificate === null) return { ...plain, authority: null };
  const decoded = decodeHostCertificate(certificate);
  const line = keyLine(decoded.authority);
  const problem = certificateProblem(decoded, { authorities: [line], host, nowSeconds: Date.now() / 1000 });
  return { ...plain, authority: { line, fingerprint: fingerprint(decoded.authority), problem } };
}
