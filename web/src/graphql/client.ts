import { cacheExchange, Client, fetchExchange, mapExchange } from '@urql/core';
import { toLogin } from '../app/login.ts';
import { noteServerDate } from './server-clock.ts';

/** The one GraphQL client of the page. The browser adds the login's cookie by itself. */
export function newClient(): Client {
  return new Client({
    url: '/graphql',
    preferGetMethod: false,
    requestPolicy: 'cache-and-network',
    fetch: async (input, init) => {
      const answer = await fetch(input, init);
      noteServerDate(answer.headers.get('date'));
      return answer;
    },
    fetchOptions: { headers: { accept: 'application/json' } },
    exchanges: [
      cacheExchange,
      mapExchange({
        onError: (error) => {
          // The login has ended: everything else on this page would be refused too.
          if (error.response !== undefined && (error.response as Response).status === 401) toLogin();
        },
      }),
      fetchExchange,
    ],
  });
}
