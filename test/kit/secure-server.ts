import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Certified } from './certificates.ts';
import { freePort } from './ports.ts';

export interface SecureServer {
  readonly port: number;
  /** Ends the connections that are open, too. */
  stop(): Promise<void>;
}

/** HTTPS on 127.0.0.1, on a free port unless told. */
export async function startSecureServer(
  certified: Certified,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
  at?: number,
): Promise<SecureServer> {
  const port = at ?? (await freePort());
  const server = createServer(certified, handle);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject);
  server.listen(port, '127.0.0.1', () => resolve(undefined));
  await promise;
  const stop = async (): Promise<void> => {
    const closed = Promise.withResolvers<undefined>();
    server.close(() => closed.resolve(undefined));
    server.closeAllConnections();
    await closed.promise;
  };
  return { port, stop };
}

/** The whole body of a request as a form. */
export async function formOf(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString());
}
