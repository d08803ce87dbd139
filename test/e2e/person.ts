import { Api, type Connection, everyNode, pageInfo } from '../../src/client/api.ts';
import { authenticate } from '../../src/client/authenticate.ts';
import { findInstallation, type Installation } from '../../src/client/installation.ts';
import { until } from '../kit/until.ts';
import type { Product, Token } from './product.ts';

export interface SeenEvent {
  readonly position: string;
  readonly stream: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What one logged-in person asks of a running product, over its API, without a process for each question. */
export interface Person {
  readonly bearer: string;
  readonly graphql: <T>(query: string, variables?: Readonly<Record<string, unknown>>) => Promise<T>;
  token(wish?: Readonly<Record<string, unknown>>): Promise<Token>;
  revoke(tokenId: string): Promise<void>;
  apply(documents: string): Promise<void>;
  /** Every event after a position, oldest first. */
  events(after: string | null): Promise<readonly SeenEvent[]>;
  /** Waits for an event after a position. */
  event(after: string | null, what: string, fits: (event: SeenEvent) => boolean): Promise<SeenEvent>;
  /** Where the log ends now. */
  head(): Promise<string | null>;
}

export function installationOf(product: Product): Installation {
  return findInstallation({
    data: product.dataFolder,
    server: undefined,
    ca: undefined,
    environment: {},
  });
}

export async function logIn(product: Product, user = 'admin', password = product.adminPassword): Promise<Person> {
  const installation = installationOf(product);
  const { bearer } = await authenticate(installation, { user, provider: null, password });
  return withBearer(product, bearer);
}

/** The same for somebody who has logged in. */
export function withBearer(product: Product, bearer: string): Person {
  const installation = installationOf(product);
  const api = new Api(installation, bearer);
  const events = async (start: string | null): Promise<readonly SeenEvent[]> => {
    const found: SeenEvent[] = [];
    const pages = everyNode<SeenEvent>(async (after) => {
      const query = `query ($after: String) { events(first: 100, after: $after) {
        edges { node { position stream type data } } ${pageInfo} } }`;
      return (await api.graphql<{ events: Connection<SeenEvent> }>(query, { after: after ?? start })).events;
    });
    for await (const event of pages) found.push(event);
    return found;
  };
  return {
    bearer,
    graphql: (query, variables) => api.graphql(query, variables),
    token: async (input = {}) => {
      const query = `mutation ($input: IssueTemporaryTokenInput!) { issueTemporaryToken(input: $input) {
        token { id expiresAt } secret errors { message } } }`;
      const { issueTemporaryToken: made } = await api.graphql<{
        issueTemporaryToken: { token: Omit<Token, 'secret'> | null; secret: string | null; errors: readonly unknown[] };
      }>(query, { input });
      if (made.token === null || made.secret === null) throw new Error(`no token: ${JSON.stringify(made.errors)}`);
      return { ...made.token, secret: made.secret };
    },
    revoke: async (id) => {
      await api.graphql('mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { id } }', {
        input: { id },
      });
    },
    apply: async (documents) => {
      await api.rest('POST', '/api/v1/apply', { documents, setSecrets: false });
    },
    events,
    event: async (after, what, fits) => {
      let seen: readonly SeenEvent[] = [];
      return await until(
        async () => {
          seen = await events(after);
          return seen.find(fits);
        },
        { what },
      ).catch((error: unknown) => {
        const list = seen.map(({ type, data }) => `${type} ${JSON.stringify(data)}`).join('\n');
        throw new Error(`${String(error)}; there were\n${list}`, { cause: error });
      });
    },
    head: async () => (await events(null)).at(-1)?.position ?? null,
  };
}
