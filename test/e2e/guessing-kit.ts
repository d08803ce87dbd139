import { request } from 'node:https';
import { arrivingFrom } from '../kit/other-network.ts';
import { libpq } from './postgres/database.ts';
import { type Finished, finished, type Product, sshCommand } from './product.ts';

/** What a door answered, in its own words. */
export interface Answer {
  readonly code: number | null;
  readonly text: string;
  readonly milliseconds: number;
}

/** The doors of a product as somebody reaches them from one address; each tries to get in with one secret. */
export interface Network {
  web(user: string, password: string): Promise<Answer>;
  /** The same by the form of the login page. */
  form(user: string, password: string): Promise<Answer>;
  cli(user: string, password: string): Promise<Answer>;
  ssh(user: string, token: string): Promise<Answer>;
  psql(user: string, token: string): Promise<Answer>;
}

/** Of one of the addresses 127.0.0.0/8. For a running test. */
export async function network(
  product: Product,
  address: string,
  names: { ssh: string; psql: string },
): Promise<Network> {
  const webPort = await arrivingFrom(address, product.webPort);
  const postgresPort = await arrivingFrom(address, product.postgresPort);
  const post = async (
    path: string,
    body: unknown,
    type = 'application/json',
  ): Promise<{ status: number; body: string }> =>
    new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: product.webPort, path, localAddress: address, method: 'POST' };
      const headers = {
        'content-type': type,
        'sec-fetch-site': 'same-origin',
        host: `localhost:${String(product.webPort)}`,
      };
      const sent = request({ ...options, headers, rejectUnauthorized: false, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
      });
      sent.on('error', reject);
      sent.end(body instanceof URLSearchParams ? body.toString() : JSON.stringify(body));
    });
  return {
    web: async (user, password) =>
      timed(async () => {
        const started = await post('/auth/start', { user, door: 'web' });
        if (started.status !== 200) return { code: started.status, text: started.body };
        const { authenticationId, challenges } = JSON.parse(started.body) as {
          readonly authenticationId: string;
          readonly challenges: readonly { readonly mechanisms: readonly { readonly id: string }[] }[];
        };
        const mechanismId = challenges[0]?.mechanisms[0]?.id;
        const done = await post('/auth/advance', { authenticationId, mechanismId, answer: password, door: 'web' });
        return { code: done.status, text: done.body };
      }),
    form: async (user, password) =>
      timed(async () => {
        const fields = new URLSearchParams({ user, password, provider: 'local', to: '', user_code: '' });
        const { status, body } = await post('/auth/login', fields, 'application/x-www-form-urlencoded');
        return { code: status, text: body };
      }),
    cli: async (user, password) => {
      const { command, args, env } = product.cliCommand(
        ['token', 'list', '--server', `https://localhost:${String(webPort)}`],
        { user, password },
      );
      return ended(finished(command, args, { env }));
    },
    ssh: async (user, token) => {
      const { command, env } = sshCommand(product, `${user}~${names.ssh}`, token, ['-b', address]);
      return ended(finished('sshpass', [...command, 'true'], { env }));
    },
    psql: async (user, token) => {
      const env = { ...libpq(product, `${user}~${names.psql}`, token), PGPORT: String(postgresPort) };
      return ended(finished('psql', ['-X', '-At', '-c', 'select 1'], { env }));
    },
  };
}

async function timed(ask: () => Promise<Omit<Answer, 'milliseconds'>>): Promise<Answer> {
  const begun = performance.now();
  const answer = await ask();
  return { ...answer, milliseconds: performance.now() - begun };
}

async function ended(run: Promise<Finished>): Promise<Answer> {
  return timed(async () => {
    const { code, stdout, stderr } = await run;
    return { code, text: stdout + stderr };
  });
}
