import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Product } from '../product.ts';
import { isLoginOf, type Visit } from './visit.ts';

interface Page {
  readonly status: number;
  readonly body: string;
}

/** A browser of somebody who may send more than its forms hold; `code`: one waits under it for a confirmation. */
export interface Pages extends Visit {
  readonly form: (path: string, fields: Readonly<Record<string, string>>) => Promise<Page>;
}

/** The pages for logging in, by their forms, with a jar of cookies. */
export function pages(product: Product, name: string, userCode: string | null): Pages {
  const origin = `https://localhost:${String(product.webPort)}`;
  const ca = readFileSync(join(product.dataFolder, 'ca.pem'));
  let jar: ReadonlyMap<string, string> = new Map();
  let mechanism = '';
  let first = '';

  const send = async (method: string, path: string, type?: string, body?: string): Promise<Page> => {
    const cookie = [...jar].map(([key, value]) => `${key}=${value}`).join('; ');
    const sent = body === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(body) };
    const headers = { origin, ...(cookie === '' ? {} : { cookie }), ...sent };
    const outgoing = request(new URL(path, origin), { ca, agent: false, method, headers });
    outgoing.end(body);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const next = new Map(jar);
    for (const line of response.headers['set-cookie'] ?? []) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') next.delete(key);
      else next.set(key, value);
    }
    jar = next;
    return { status: response.statusCode ?? 0, body: await text(response) };
  };
  const form: Pages['form'] = (path, fields) =>
    send('POST', path, 'application/x-www-form-urlencoded', new URLSearchParams(fields).toString());
  const ask: Visit['ask'] = async <T>(method: string, path: string, body?: unknown) => {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    return JSON.parse((await send(method, path, 'application/json', sent)).body || '{}') as T;
  };
  /** The form of the challenge that is to be met now, if there is one. */
  const seen = async (): Promise<void> => {
    const { body } = await send('GET', '/auth/step');
    mechanism = /name="mechanism" value="([^"]+)"/.exec(body)?.[1] ?? mechanism;
  };
  const logIn = (fields: Readonly<Record<string, string>>): Promise<Page> =>
    form('/auth/login', { ...fields, ...(userCode === null ? {} : { to: 'device', user_code: userCode }) });
  const onward = ({ body }: Page): string | null =>
    /<a class="button" href="(https:[^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? null;
  const begun = async (page: Page): Promise<string> => {
    await seen();
    first = mechanism;
    return onward(page) ?? '';
  };
  const holdsLogin = (): Promise<boolean> => isLoginOf(ask, name);

  return {
    password: async (password, provider = 'local') => {
      await logIn({ user: name, password, provider });
    },
    code: async (answer) => {
      await seen();
      await form('/auth/step', { mechanism, answer });
    },
    toCorp: async () => begun(await logIn({ provider: 'corp' })),
    again: async () => onward(await form('/auth/step/begin', { mechanism: first })),
    back: async (url) => {
      await send('GET', url);
    },
    linkCorp: async () => begun(await form('/auth/account/link', { provider: 'corp' })),
    keep: () => {
      const kept = jar;
      return () => {
        jar = kept;
      };
    },
    signOut: async () => {
      await form('/auth/account/sign-out', {});
    },
    ask,
    holdsLogin,
    isIn: holdsLogin,
    form,
  };
}
