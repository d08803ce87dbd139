import { createYoga } from 'graphql-yoga';
import type { Route, ViewerContext } from '../../application/ports/http-route.ts';
import type { ConnectDoors, GraphqlContext, GraphqlFace } from './context.ts';
import { documentChecks } from './document-checks.ts';
import { maskError } from './error-masking.ts';
import { plannedQueries } from './execution/planned-queries.ts';
import { graphiqlPage } from './graphiql.ts';
import { buildSchema } from './schema.ts';

const bodyLimit = 100_000;

/** `POST /graphql` and, for administrators, GraphiQL at `GET /graphql` (docs/protocols/http.md). */
export function graphqlRoutes(
  application: GraphqlFace,
  doors: ConnectDoors,
  onWarning: (message: string, error: unknown) => void,
): readonly Route[] {
  const yoga = createYoga<GraphqlContext>({
    schema: buildSchema(),
    graphqlEndpoint: '/graphql',
    graphiql: false,
    landingPage: false,
    batching: false,
    multipart: false,
    cors: false,
    logging: false,
    // What is valid depends on who asks and with which variables too, which this one does not know.
    parserAndValidationCache: false,
    // The server holds bodies to `bodyLimit` already.
    maxRequestBodySize: false,
    maskedErrors: { maskError: (error) => maskError(error, onWarning) },
    plugins: [documentChecks(), plannedQueries()],
    fetchAPI: { Request, Response, ReadableStream },
  });
  const answer = async (request: Request, { viewer, signal, refresh }: ViewerContext): Promise<Response> =>
    yoga.fetch(request, { application, doors, viewer, signal, refresh, head: undefined });
  return [
    {
      method: 'POST',
      path: '/graphql',
      access: 'viewer',
      bodyLimit,
      bodyTooLong: 'Resources of more than 100 kB are applied by `sallyport apply -f FILE`.',
      handler: answer,
    },
    {
      method: 'GET',
      path: '/graphql',
      access: 'admin',
      handler: async () => {
        const { html, csp } = await graphiqlPage();
        const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': csp };
        return new Response(html, { headers });
      },
    },
  ];
}
