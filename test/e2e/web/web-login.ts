import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import type { Product } from '../product.ts';

/** The admin, logged in at a running product as a browser does it. */
export interface WebLogin {
  /** A socket for a new terminal at a target, on which `open` is still to be said. */
  terminal(target: string): Promise<WebSocket>;
  logout(): Promise<void>;
}

export async function logInOnWeb(product: Product): Promise<WebLogin> {
  const ca = readFileSync(join(product.dataFolder, 'ca.pem'), 'utf8');
  const place = `localhost:${String(product.webPort)}`;
  const origin = `https://${place}`;
  const post = async (path: string, body: unknown, cookie = ''): Promise<{ json: never; cookie: string }> => {
    const headers = { 'content-type': 'application/json', origin, ...(cookie === '' ? {} : { cookie }) };
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      request(`${origin}${path}`, { method: 'POST', headers, ca, agent: false }, resolve)
        .on('error', reject)
        .end(body === null ? undefined : JSON.stringify(body));
    });
    const answer = await text(response);
    if ((response.statusCode ?? 500) >= 300) throw new Error(`${path}: ${String(response.statusCode)} ${answer}`);
    const set = response.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
    return { json: (answer === '' ? null : JSON.parse(answer)) as never, cookie: set };
  };
  const { authenticationId, challenges } = (await post('/auth/start', { user: 'admin', clientId: null, door: 'web' }))
    .json as { authenticationId: string; challenges: { mechanisms: { id: string }[] }[] };
  const answer = { authenticationId, mechanismId: challenges[0]?.mechanisms[0]?.id, answer: product.adminPassword };
  const { cookie } = await post('/auth/advance', { ...answer, door: 'web' });
  return {
    terminal: async (target) => {
      const query = `mutation { openTerminal(input: {target: "${target}"}) { ticket errors { message } } }`;
      const opened = (await post('/graphql', { query }, cookie)).json as {
        data: { openTerminal: { ticket: string | null; errors: unknown } };
      };
      const { ticket, errors } = opened.data.openTerminal;
      if (ticket === null) throw new Error(JSON.stringify(errors));
      return new WebSocket(`wss://${place}/terminal`, ['sallyport.terminal.v1', `ticket.${ticket}`], {
        ca,
        perMessageDeflate: false,
        headers: { cookie, origin },
      });
    },
    logout: async () => {
      await post('/auth/logout', null, cookie);
    },
  };
}
