import type { Application, Refused } from '../../application/ports/application-face.ts';
import type { Route, ViewerContext } from '../../application/ports/http-route.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { errorAnswer, jsonAnswer } from '../../wire/json-http.ts';
import { door, fieldsOf, flag, text, textOrNull } from './fields.ts';
import { clearedCookie } from '../../wire/login-cookie.ts';

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
  const post = (path: string, handler: (request: Request, context: ViewerContext) => Promise<Response>): Route => ({
    method: 'POST',
    path,
    access: 'viewer',
    bodyLimit,
    handler,
  });
  return [
    post('/auth/fresh-factor', async (request, { viewer, source }) => {
      const fields = await fieldsOf(request, ['door']);
      return outcomeAnswer(await application.startFreshFactor(viewer, { door: door(fields), source }));
    }),
    post('/auth/link', async (request, { viewer, source }) => {
      const fields = await fieldsOf(request, ['provider', 'user', 'door']);
      const provider = text(fields, 'provider', longestName);
      const userName = textOrNull(fields, 'user', longestName);
      return outcomeAnswer(await application.startLink(viewer, { provider, userName, door: door(fields), source }));
    }),
    {
      method: 'GET',
      path: '/auth/logins',
      access: 'viewer',
      handler: async (_request, { viewer }) => jsonAnswer(200, { logins: await application.ownLogins(viewer) }),
    },
    {
      method: 'DELETE',
      path: '/auth/logins/:id',
      access: 'viewer',
      handler: async (_request, { viewer, params: { id = '' } }) =>
        isStreamIdOf('login', id)
          ? outcomeAnswer(await application.closeLogin(viewer, id))
          : errorAnswer(404, { code: 'absent', message: 'you have no such login; nothing was closed' }),
    },
    post('/auth/logout-everywhere', async (request, { viewer }) => {
      const exceptThis = flag(await fieldsOf(request, ['exceptThis']), 'exceptThis');
      await application.closeEverything(viewer, exceptThis);
      return new Response(null, { status: 204, headers: exceptThis ? {} : { 'set-cookie': clearedCookie } });
    }),
    {
      method: 'GET',
      path: '/auth/provider-logout',
      access: 'viewer',
      handler: async (_request, { viewer }) => jsonAnswer(200, { redirect: await application.providerLogout(viewer) }),
    },
    {
      method: 'GET',
      path: '/auth/identities',
      access: 'viewer',
      handler: async (_request, { viewer }) => jsonAnswer(200, { identities: await application.ownIdentities(viewer) }),
    },
    {
      method: 'DELETE',
      path: '/auth/identities/:id',
      access: 'viewer',
      handler: async (_request, { viewer, params: { id = '' } }) =>
        isStreamIdOf('identity', id)
          ? outcomeAnswer(await application.unlinkIdentity(viewer, id))
          : errorAnswer(404, { code: 'absent', message: 'there is no such identity that you may unlink' }),
    },
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

const statusOf: Readonly<Record<string, number>> = { denied: 403, absent: 404 };

/** What was done, without the word for it; or why not. */
export function outcomeAnswer(result: ({ readonly ok: true } & object) | Refused): Response {
  if (!result.ok) return errorAnswer(statusOf[result.errors[0]?.code ?? ''] ?? 422, ...result.errors);
  const { ok: _ok, ...body } = result;
  return Object.keys(body).length === 0 ? new Response(null, { status: 204 }) : jsonAnswer(200, body);
}
