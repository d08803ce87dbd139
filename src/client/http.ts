import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { Refused } from './errors.ts';
import type { Installation } from './installation.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly bearer?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as a form, instead. */
  readonly form?: Readonly<Record<string, string>>;
  readonly accept?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly text: string;
}

/** No answer within this time is an error; streams are not limited once they began. */
const deadlineMilliseconds = 30_000;
const maxAnswerBytes = 64 * 1024 * 1024;

/** Sends one request and gives the response as it comes; the caller reads it. */
export function open(installation: Installation, wish: HttpRequest): Promise<IncomingMessage> {
  const { type, body } = bodyOf(wish);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      new URL(wish.path, installation.server),
      {
        method: wish.method,
        ...(installation.ca === undefined ? {} : { ca: installation.ca }),
        timeout: deadlineMilliseconds,
        agent: false,
        headers: {
          accept: wish.accept ?? 'application/json',
          ...(wish.bearer === undefined ? {} : { authorization: `Bearer ${wish.bearer}` }),
          ...(body === undefined ? {} : { 'content-type': type, 'content-length': String(body.length) }),
        },
      },
      (response) => {
        outgoing.setTimeout(0);
        resolve(response);
      },
    );
    outgoing.on('timeout', () =>
      outgoing.destroy(new Error(`no answer within ${String(deadlineMilliseconds / 1000)} s`)),
    );
    outgoing.on('error', (error) => {
      reject(new Refused(`cannot reach ${installation.server.origin}: ${error.message}`, [hint(error)]));
    });
    outgoing.end(body);
  });
}

function bodyOf({ body, form }: HttpRequest): { readonly type: string; readonly body: Buffer | undefined } {
  if (form !== undefined) {
    return { type: 'application/x-www-form-urlencoded', body: Buffer.from(new URLSearchParams(form).toString()) };
  }
  return { type: 'application/json', body: body === undefined ? undefined : Buffer.from(JSON.stringify(body)) };
}

/** Sends one request and reads the whole answer. */
export async function exchange(installation: Installation, wish: HttpRequest): Promise<HttpAnswer> {
  const response = await open(installation, wish);
  const parts: Buffer[] = [];
  let size = 0;
  const { origin } = installation.server;
  try {
    for await (const part of response as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > maxAnswerBytes) throw new Refused(`the answer of ${origin} is too large; narrow the question`);
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused(`the connection to ${origin} was cut before its answer was whole`, ['try again']);
  }
  return { status: response.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') };
}

function hint(error: Error): string {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return 'is the server running? `npm start` or `sallyport start` starts one';
  if (code.includes('CERT') || code.includes('SIGNED') || code.includes('ISSUER')) {
    return 'name the CA to trust with --ca FILE or SALLYPORT_CA (<data>/ca.pem of the installation)';
  }
  return 'check the address given by --server, SALLYPORT_SERVER or --data';
}
