import { createConnection, type Socket } from 'node:net';
import type { ResolvedTarget, ResolveTarget } from '../../application/ports/system.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';

/** Where a target is, looked up once. A name that can't be resolved is a no, and so is an address of our own (rule W5). */
export async function addressOf(host: string, port: number, resolve: ResolveTarget): Promise<ResolvedTarget> {
  const resolved = await resolve(host, port).catch((error: unknown) => {
    const message = `the target's host name can't be resolved; an administrator checks its address`;
    throw new SallyportError('unavailable', 'target-unreachable', message, { cause: error });
  });
  if (!resolved.leadsToUs) return resolved;
  const message = 'the address of the target leads back to this installation; an administrator mends it in the Target';
  throw new SallyportError('denied', 'target-unreachable', message);
}

/** In the words that are for the person. */
export function targetUnreachable(name: string, cause: unknown): SallyportError {
  const message = `${name} cannot be reached: try again later or ask an administrator whether it is running`;
  return new SallyportError('unavailable', 'target-unreachable', message, { cause });
}

/** The name is not looked up again: what is connected is what was judged. Deadlines are the caller's. */
export function connectTarget(host: string, port: number, address: ResolvedTarget): Socket {
  const addresses = [...address.addresses];
  const [first] = addresses;
  return createConnection({
    host,
    port,
    noDelay: true,
    lookup: (_name, { all }, done) => {
      if (all === true) done(null, addresses);
      else done(null, first?.address ?? '', first?.family);
    },
  });
}
