import type { ResolveTarget } from '../../application/ports/system.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { httpsGet } from '../../wire/https-get.ts';

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
 * W5). Whoever answers there says who is who: TLS is all that vouches for it. Errors: SallyportError `unavailable`, code
 * `saml-metadata-fetch`.
 */
export async function fetchMetadata({ url, ca, resolve }: MetadataPlace, signal: AbortSignal): Promise<string> {
  const at = new URL(url);
  try {
    const host = at.hostname.replace(/^\[|\]$/g, '');
    const { addresses, leadsToUs } = await unless(signal, resolve(host, at.port === '' ? 443 : Number(at.port)));
    if (leadsToUs) failed(at, 'leads back to a port of this installation');
    const accept = 'application/samlmetadata+xml, application/xml, text/xml';
    const { status, body } = await httpsGet(at, { addresses, ca, signal, mostBytes, accept });
    if (status !== 200) failed(at, `answered with status ${status}`);
    return body.toString('utf8');
  } catch (error) {
    if (error instanceof SallyportError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EFBIG') failed(at, 'sent more than 1 MB');
    return failed(at, signal.aborted ? 'gave no answer in time' : `cannot be read (${code ?? 'connection lost'})`);
  }
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
    `the metadata at ${url.origin} ${why}: try again, or an administrator checks spec.metadata and spec.tls.ca`,
  );
}
