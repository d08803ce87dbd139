import { visibleText } from '../domain/kernel/visible-text.ts';
import { Refused, UsageError } from './errors.ts';
import { exchange, type HttpAnswer, type HttpRequest, open } from './http.ts';
import type { Installation } from './installation.ts';

interface ErrorEntry {
  readonly code?: string;
  /** Where GraphQL has the code. */
  readonly extensions?: { readonly code?: string };
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

/** The server as one logged-in person sees it (docs/protocols/http.md). */
export class Api {
  readonly installation: Installation;
  readonly #bearer: string;

  constructor(installation: Installation, bearer: string) {
    this.installation = installation;
    this.#bearer = bearer;
  }

  /** The JSON answer of a REST request. Errors: `Refused` with the server's words, `UsageError` when ours can mean nothing. */
  async rest<T>(method: HttpRequest['method'], path: string, body?: unknown): Promise<T> {
    const answer = await exchange(this.installation, {
      method,
      path,
      bearer: this.#bearer,
      ...(body === undefined ? {} : { body }),
    });
    return (answer.text === '' ? undefined : parse(answer)) as T;
  }

  /** The `data` of a GraphQL answer. */
  async graphql<T>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const answer = await this.rest<{ data?: T; errors?: readonly ErrorEntry[] }>('POST', '/graphql', {
      query,
      variables,
    });
    if (answer.errors !== undefined && answer.errors.length > 0) throw refusal(answer.errors);
    if (answer.data === undefined)
      throw new Refused('the server gave no data; check that client and server have the same version');
    return answer.data;
  }

  /** The lines of a streamed answer, as they come. */
  async *lines(path: string): AsyncIterable<string> {
    const response = await open(this.installation, { method: 'GET', path, bearer: this.#bearer, accept: '*/*' });
    response.setEncoding('utf8');
    if (response.statusCode !== 200) {
      let text = '';
      for await (const part of response as AsyncIterable<string>) text += part;
      parse({ status: response.statusCode ?? 0, text });
    }
    // Pieces of a line that may be long: put together once, when its end is there.
    let begun: string[] = [];
    for await (const part of response as AsyncIterable<string>) {
      const pieces = part.split('\n');
      for (const end of pieces.splice(0, pieces.length - 1)) {
        yield begun.join('') + end;
        begun = [];
      }
      begun.push(...pieces);
    }
    if (!response.complete || begun.join('') !== '')
      throw new Refused('the connection was cut before the end; what was printed is not whole');
  }
}

/** The JSON of an answer; throws `Refused` when the status says no. */
export function parse(answer: HttpAnswer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(answer.text);
  } catch {
    throw new Refused(`the server answered ${String(answer.status)} without JSON; is the address a Sallyport server?`);
  }
  if (answer.status >= 200 && answer.status < 300) return value;
  throw refusal((value as { errors?: readonly ErrorEntry[] }).errors ?? [], answer.status);
}

/** Words of the command that name nothing there could be: wrong like an unknown option, only the server knows them all. */
const wrongWords = new Set(['absent-kind', 'unknown-event-type', 'bad-cursor']);

function refusal(errors: readonly ErrorEntry[], status?: number): Refused | UsageError {
  const [first] = errors;
  const code = first?.code ?? first?.extensions?.code;
  if (first !== undefined && code !== undefined && wrongWords.has(code))
    return new UsageError(visibleText(first.message));
  const lines = errors.map((error) => {
    const place = error.line === undefined ? '' : `line ${String(error.line)}, column ${String(error.column ?? 1)}: `;
    return place + error.message;
  });
  const hint = status === 401 ? ['log in with `sallyport login`'] : [];
  return new Refused(
    lines[0] ?? `the server answered ${String(status ?? 0)}`,
    [...lines.slice(1), ...hint],
    code ?? null,
  );
}

/** A page of a list, by Relay's rules. */
export interface Connection<N> {
  readonly edges: readonly { readonly node: N }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** What a connection selects beside its nodes' fields. */
export const pageInfo = 'pageInfo { hasNextPage endCursor }';

/** All nodes of a connection, page by page; `page` runs the query for one `after`. */
export async function* everyNode<N>(page: (after: string | null) => Promise<Connection<N>>): AsyncIterable<N> {
  for (let after: string | null = null; ; ) {
    const { edges, pageInfo: info } = await page(after);
    for (const edge of edges) yield edge.node;
    if (!info.hasNextPage || info.endCursor === null) return;
    after = info.endCursor;
  }
}
