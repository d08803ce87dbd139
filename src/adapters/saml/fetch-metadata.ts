import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { ResolvedTarget, ResolveTarget } from '../../application/ports/system.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';

const mostBytes = 1_048_576;

export interface MetadataPlace {
  /** https. */
  readonly url: string;
  /** PEM of who may vouch for it; null: the authorities that come with the runtime. */
  readonly ca: string | null;
  readonly resolve: ResolveTarget;
}

/**
 * The metadata at an address: over verified TLS, at most 1 MB, no redirect, never from a port of our own (security rule
 * W5). Whoever answers there says who is who, so that TLS is all that vouches for it. Errors: SallyportError
 * `unavailable`, code `saml-metadata-fetch`.
 */
export async function fetchMetadata({ url, ca, resolve }: MetadataPlace, deadline: AbortSignal): Promise<string> {
  const at = new URL(url);
  try {
    const host = at.hostname.replace(/^\[|\]$/g, '');
    const place = await unless(deadline, resolve(host, at.port === '' ? 443 : Number(at.port)));
    if (place.leadsToUs) failed(at, 'leads back to a port of this installation');
    return await textOf(at, await answerFrom(at, ca, place, deadline));
  } catch (error) {
    if (error instanceof SallyportError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    return failed(at, deadline.aborted ? 'gave no answer in time' : `cannot be read (${code ?? 'connection lost'})`);
  }
}

async function answerFrom(
  url: URL,
  ca: string | null,
  place: ResolvedTarget,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const addresses = [...place.addresses];
  const [first] = addresses;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked = request(url, {
    agent: false,
    signal,
    headers: { accept: 'application/samlmetadata+xml, application/xml, text/xml' },
    ...(ca === null ? {} : { ca }),
    // Said here, so that no environment variable takes it away.
    rejectUnauthorized: true,
    minVersion: 'TLSv1.2',
    // The name is not looked up again: what is connected is what was judged.
    lookup: (_name, { all }, done) => {
      if (all === true) done(null, addresses);
      else done(null, first?.address ?? '', first?.family);
    },
  });
  asked.once('response', resolve);
  asked.on('error', reject);
  asked.end();
  return await promise;
}

async function textOf(url: URL, incoming: IncomingMessage): Promise<string> {
  if (incoming.statusCode !== 200) {
    incoming.destroy();
    failed(url, `answered with status ${String(incoming.statusCode)}`);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop closes the connection.
    if (length > mostBytes) failed(url, 'sent more than 1 MB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What cannot be called off, such as a name lookup, is left behind. */
async function unless<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(new Error('late'));
  deadline.addEventListener('abort', stop, { once: true });
  if (deadline.aborted) stop();
  try {
    return await Promise.race([work, promise]);
  } finally {
    deadline.removeEventListener('abort', stop);
  }
}

/** Without path and query: those may hold what is not for a log. */
function failed(url: URL, why: string): never {
  throw new SallyportError(
    'unavailable',
    'saml-metadata-fetch',
    `the metadata at ${url.origin} ${why}: an administrator checks spec.metadata and spec.tls.ca`,
  );
}
