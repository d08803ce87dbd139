import type { Application } from '../../application/ports/application-face.ts';
import type { GuardedRoute, Route } from '../../application/ports/http-route.ts';
import { jsonAnswer } from '../../wire/json-http.ts';
import { clearedCookie } from '../../wire/login-cookie.ts';
import { door, fieldsOf, flag, freshFor, text, textOrNull } from './fields.ts';
import { outcomeAnswer, ownDelete, ownGet, ownPost } from './for-viewer.ts';

type Own = Pick<
  Application,
  | 'startFreshFactor'
  | 'startLink'
  | 'ownLogins'
  | 'closeLogin'
  | 'closeEverything'
  | 'ownIdentities'
  | 'unlinkIdentity'
  | 'providerLogout'
  | 'offerPasswordReset'
>;

const bodyLimit = 16_384;
const longestName = 256;

/** What belongs to one's own login (docs/protocols/http.md, "Own logins and identities"); `url` is the web's address in browsers. */
export function ownRoutes(application: Own, url: string): readonly Route[] {
  const post = (path: string, handler: GuardedRoute['handler']): GuardedRoute => ownPost(path, bodyLimit, handler);
  return [
    post('/auth/fresh-factor', async (request, { viewer, source }) => {
      const fields = await fieldsOf(request, ['for', 'door']);
      const wish = { for: freshFor(fields), door: door(fields), source };
      return outcomeAnswer(await application.startFreshFactor(viewer, wish));
    }),
    post('/auth/link', async (request, { viewer, source }) => {
      const fields = await fieldsOf(request, ['provider', 'user', 'door']);
      const provider = text(fields, 'provider', longestName);
      const userName = textOrNull(fields, 'user', longestName);
      return outcomeAnswer(await application.startLink(viewer, { provider, userName, door: door(fields), source }));
    }),
    ownGet('/auth/logins', async (viewer) => ({ logins: await application.ownLogins(viewer) })),
    ownDelete('/auth/logins/:id', 'login', 'you have no such login; nothing was closed', (viewer, id) =>
      application.closeLogin(viewer, id),
    ),
    post('/auth/logout-everywhere', async (request, { viewer }) => {
      const exceptThis = flag(await fieldsOf(request, ['exceptThis']), 'exceptThis');
      await application.closeEverything(viewer, exceptThis);
      return new Response(null, { status: 204, headers: exceptThis ? {} : { 'set-cookie': clearedCookie } });
    }),
    ownGet('/auth/provider-logout', async (viewer) => ({ redirect: await application.providerLogout(viewer) })),
    ownGet('/auth/identities', async (viewer) => ({ identities: await application.ownIdentities(viewer) })),
    ownDelete('/auth/identities/:id', 'identity', 'there is no such identity that you may unlink', (viewer, id) =>
      application.unlinkIdentity(viewer, id),
    ),
    {
      ...post('/auth/reset-link', async (request, { viewer }) => {
        const fields = await fieldsOf(request, ['user']);
        const offered = await application.offerPasswordReset(viewer, text(fields, 'user', longestName));
        if (!offered.ok) return outcomeAnswer(offered);
        const { link, expiresAt } = offered;
        const page = `${url}/auth/reset?${new URLSearchParams({ link }).toString()}`;
        return jsonAnswer(200, { link, url: page, expiresAt });
      }),
      access: 'admin',
    },
  ];
}
