import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { CustomFetch, CustomFetchOptions } from 'openid-client';
import type { ResolvedTarget, ResolveTarget } from '../../application/ports/system.ts';
import { placeOf, where } from './place.ts';
import { ProviderProblem } from './problem.ts';

const answerBytes = 1_000_000;

export interface Asking {
  readonly issuer: URL;
  readonly ca: string | null;
  readonly resolve: ResolveTarget;
  /** Ends whatever is under way: one for all requests of one step of a login. */
  readonly deadline: AbortSignal;
}

/**
 * `fetch` as openid-client wants it, and stricter: verified TLS to a place that was judged, at most 1 MB, no redirect, no
 * connection kept. Errors: ProviderProblem.
 */
export function asker(asking: Asking): CustomFetch {
  return async (address, options) => {
    const url = new URL(address);
    try {
      asking.deadline.throwIfAborted();
      const place = await unless(asking.deadline, placeOf(url, asking.issuer, asking.resolve));
      return await answerOf(url, await send(url, options, place, asking));
    } catch (error) {
      throw problemOf(error, url, asking.deadline);
    }
  };
}

async function send(
  url: URL,
  options: CustomFetchOptions,
  place: ResolvedTarget,
  asking: Asking,
): Promise<IncomingMessage> {
  const addresses = [...place.addresses];
  const [first] = addresses;
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked = request(url, {
    method: options.method,
    headers: options.headers,
    agent: false,
    signal: asking.deadline,
    ...(asking.ca === null ? {} : { ca: asking.ca }),
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
  // openid-client sends forms and nothing else.
  asked.end(options.body instanceof URLSearchParams ? options.body.toString() : undefined);
  return await promise;
}

async function answerOf(url: URL, incoming: IncomingMessage): Promise<Response> {
  const status = incoming.statusCode ?? 0;
  if (status < 200 || (status >= 300 && status < 400) || status > 599) {
    incoming.destroy();
    const what = status >= 300 && status < 400 ? 'a redirect, which is not followed' : 'no answer of HTTP';
    throw new ProviderProblem('untrusted', `${where(url)} answered with status ${status}: ${what}`);
  }
  if (status >= 500) {
    incoming.destroy();
    throw new ProviderProblem('unavailable', `${where(url)} answered with status ${status}`);
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length;
    // Leaving the loop closes the connection.
    if (length > answerBytes) throw new ProviderProblem('untrusted', `${where(url)} sent more than 1 MB in one answer`);
    chunks.push(chunk);
  }
  const headers = new Headers();
  for (const name of ['content-type', 'www-authenticate'] as const) {
    const value = incoming.headers[name];
    if (value !== undefined) headers.set(name, value);
  }
  const body = status === 204 || status === 205 ? null : Buffer.concat(chunks);
  return new Response(body, { status, headers });
}

function problemOf(error: unknown, url: URL, deadline: AbortSignal): ProviderProblem {
  if (error instanceof ProviderProblem) return error;
  if (deadline.aborted) return new ProviderProblem('unavailable', `${where(url)} gave no answer in time`);
  const { code } = error as NodeJS.ErrnoException;
  if (code !== undefined && /CERT|SIGNATURE|HOSTNAME/.test(code)) {
    const message = `the certificate of ${where(url)} is not trusted (${code}): an administrator checks spec.tls.ca and the name in the certificate`;
    return new ProviderProblem('untrusted', message, { cause: error });
  }
  return new ProviderProblem('unavailable', `${where(url)} can't be reached (${code ?? 'connection lost'})`, {
    cause: error,
  });
}

/** What cannot be called off, such as a name lookup, is left behind. */
async function unless<T>(deadline: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(new ProviderProblem('unavailable', 'the name lookup took too long'));
  deadline.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, promise]);
  } finally {
    deadline.removeEventListener('abort', stop);
  }
}
