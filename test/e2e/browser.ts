import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { text } from 'node:stream/consumers';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Product } from './product.ts';

interface Seen {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** Somebody who is logged in in a browser: its cookie, its own origin, and forms. */
export interface Browser {
  see(path: string): Promise<Seen>;
  /** Without the login. */
  json(path: string, body: unknown): Promise<Pick<Seen, 'status' | 'body'>>;
  send(path: string, form: Readonly<Record<string, string>>): Promise<Seen>;
}

/** Logs in at the web with a password. */
export async function openBrowser(product: Product, user: string, password: string): Promise<Browser> {
  const origin = `https://localhost:${String(product.webPort)}`;
  const ca = readFileSync(join(product.dataFolder, 'ca.pem'));
  const ask = async (path: string, type: string, body: string | undefined, cookie: string) => {
    const headers = {
      origin,
      ...(cookie === '' ? {} : { cookie }),
      ...(body === undefined ? {} : { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) }),
    };
    const outgoing = request(new URL(path, origin), {
      ca,
      agent: false,
      headers,
      method: body === undefined ? 'GET' : 'POST',
    });
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { response, status: response.statusCode ?? 0, body: await text(response) };
  };
  const json = async (path: string, body: unknown) => ask(path, 'application/json', JSON.stringify(body), '');
  const started = JSON.parse((await json('/auth/start', { user, door: 'web' })).body) as {
    readonly authenticationId: string;
    readonly challenges: readonly { readonly mechanisms: readonly { readonly id: string }[] }[];
  };
  const mechanismId = started.challenges[0]?.mechanisms[0]?.id;
  const { authenticationId } = started;
  const done = await json('/auth/advance', { authenticationId, mechanismId, answer: password, door: 'web' });
  const cookie = (done.response.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
  if (cookie === '') throw new Error(`${user} could not log in at the web: ${done.body}`);
  const seen = async (path: string, body: string | undefined): Promise<Seen> => {
    const answer = await ask(path, 'application/x-www-form-urlencoded', body, cookie);
    return { status: answer.status, location: answer.response.headers.location, body: answer.body };
  };
  return {
    json,
    see: (path) => seen(path, undefined),
    send: (path, form) => seen(path, new URLSearchParams(form).toString()),
  };
}
