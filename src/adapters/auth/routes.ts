import type { Application } from '../../application/ports/application-face.ts';
import type { RequestContext, Route } from '../../application/ports/http-route.ts';
import type { AuthenticationProgress } from '../../application/ports/login-face.ts';
import { jsonAnswer } from '../../wire/json-http.ts';
import { clearedCookie, loginCookie } from '../../wire/login-cookie.ts';
import { answerOf, door, fieldsOf, text, textOrNull } from './fields.ts';
import { outcomeAnswer } from './for-viewer.ts';

/** What the routes need of the application. */
export type Login = Pick<
  Application,
  | 'loginProviders'
  | 'startAuthentication'
  | 'beginMechanism'
  | 'advanceAuthentication'
  | 'changePassword'
  | 'resetPassword'
  | 'logout'
>;

/** An answer of a SAML provider is the longest of what is sent here. */
const bodyLimit = 131_072;
const longestName = 256;
/** Longer ones are refused with a reason behind it. */
const longestPassword = 4_096;

/** The login endpoints (docs/protocols/http.md, "Login"). */
export function authRoutes(application: Login): readonly Route[] {
  const start = async (request: Request, { source }: RequestContext): Promise<Response> => {
    const fields = await fieldsOf(request, ['user', 'provider', 'clientId', 'door']);
    const provider = textOrNull(fields, 'provider', longestName);
    const userName = provider === null ? text(fields, 'user', longestName) : textOrNull(fields, 'user', longestName);
    const clientId = textOrNull(fields, 'clientId', longestName);
    const started = await application.startAuthentication({ userName, provider, clientId, door: door(fields), source });
    return jsonAnswer(200, started);
  };

  const begin = async (request: Request, { source }: RequestContext): Promise<Response> => {
    const fields = await fieldsOf(request, ['authenticationId', 'mechanismId']);
    const authenticationId = text(fields, 'authenticationId', longestName);
    const mechanismId = text(fields, 'mechanismId', longestName);
    const begun = await application.beginMechanism({ authenticationId, mechanismId, source });
    if (begun.status === 'begun') return jsonAnswer(200, begun);
    return jsonAnswer(401, { status: 'failed', errors: [{ code: 'login-failed', message: begun.message }] });
  };

  const advance = async (request: Request, { source }: RequestContext): Promise<Response> => {
    const fields = await fieldsOf(request, ['authenticationId', 'mechanismId', 'answer', 'round', 'door']);
    const authenticationId = text(fields, 'authenticationId', longestName);
    const mechanismId = text(fields, 'mechanismId', longestName);
    const answer = answerOf(fields);
    const round = textOrNull(fields, 'round', bodyLimit);
    const through = door(fields);
    const progress = await application.advanceAuthentication({ authenticationId, mechanismId, answer, round, source });
    return answerFor(progress, through);
  };

  const changePassword = async (request: Request): Promise<Response> => {
    const fields = await fieldsOf(request, ['authenticationId', 'password']);
    const authenticationId = text(fields, 'authenticationId', longestName);
    const password = text(fields, 'password', longestPassword);
    return outcomeAnswer(await application.changePassword({ authenticationId, password }));
  };

  const resetPassword = async (request: Request): Promise<Response> => {
    const fields = await fieldsOf(request, ['link', 'password']);
    const link = text(fields, 'link', longestName);
    const password = text(fields, 'password', longestPassword);
    return outcomeAnswer(await application.resetPassword({ link, password }));
  };

  return [
    {
      method: 'GET',
      path: '/auth/providers',
      access: 'public',
      handler: async () => jsonAnswer(200, { providers: await application.loginProviders() }),
    },
    { method: 'POST', path: '/auth/change-password', access: 'public', bodyLimit, handler: changePassword },
    { method: 'POST', path: '/auth/reset-password', access: 'public', bodyLimit, handler: resetPassword },
    { method: 'POST', path: '/auth/start', access: 'public', bodyLimit, handler: start },
    { method: 'POST', path: '/auth/begin', access: 'public', bodyLimit, handler: begin },
    { method: 'POST', path: '/auth/advance', access: 'public', bodyLimit, handler: advance },
    {
      method: 'POST',
      path: '/auth/logout',
      access: 'viewer',
      handler: async (_request, { viewer }) => {
        await application.logout(viewer);
        return new Response(null, { status: 204, headers: { 'set-cookie': clearedCookie } });
      },
    },
    {
      method: 'GET',
      path: '/auth/session',
      access: 'viewer',
      handler: async (_request, { viewer }) => {
        const { loginId, userId, userName, roles, permissions, expiresAt } = viewer;
        return jsonAnswer(200, { loginId, user: { id: userId, name: userName }, roles, permissions, expiresAt });
      },
    },
  ];
}

function answerFor(progress: AuthenticationProgress, through: 'web' | 'cli'): Response {
  if (progress.status === 'next') return jsonAnswer(200, progress);
  if (progress.status === 'failed') {
    const errors = [{ code: 'login-failed', message: progress.message }];
    return jsonAnswer(401, { status: 'failed', mustChange: progress.mustChange, errors });
  }
  if (progress.status === 'shown') return jsonAnswer(200, progress);
  const { user, login } = progress;
  const body = { status: 'success', user, expiresAt: login.expiresAt };
  return through === 'cli'
    ? jsonAnswer(200, { ...body, bearer: login.secret })
    : jsonAnswer(200, body, { 'set-cookie': loginCookie(login.secret) });
}
