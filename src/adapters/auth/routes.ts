import type { Application, AuthenticationProgress } from '../../application/ports/application-face.ts';
import type { RequestContext, Route } from '../../application/ports/http-route.ts';
import { jsonAnswer } from '../../wire/json-http.ts';
import { AttemptBrake } from './attempt-brake.ts';
import { AttemptKeys } from './attempt-keys.ts';
import { door, fieldsOf, text, textOrNull } from './fields.ts';
import { clearedCookie, loginCookie } from './login-cookie.ts';
import { StartBrake } from './start-brake.ts';

type LoginFace = Pick<Application, 'startAuthentication' | 'advanceAuthentication' | 'logout'>;

const bodyLimit = 16_384;
const longestName = 256;

/** The login endpoints (docs/protocols/http.md, "Login"). */
export function authRoutes(application: LoginFace): readonly Route[] {
  const starts = new StartBrake();
  const brake = new AttemptBrake();
  const keys = new AttemptKeys();

  const start = async (request: Request, { source }: RequestContext): Promise<Response> => {
    const fields = await fieldsOf(request, ['user', 'clientId', 'door']);
    const userName = text(fields, 'user', longestName);
    starts.take(source);
    const clientId = textOrNull(fields, 'clientId', longestName);
    const started = await application.startAuthentication({ userName, clientId, door: door(fields), source });
    keys.remember(started.authenticationId, userName, source);
    return jsonAnswer(200, started);
  };

  const advance = async (request: Request, { source }: RequestContext): Promise<Response> => {
    const fields = await fieldsOf(request, ['authenticationId', 'mechanismId', 'answer', 'door']);
    const authenticationId = text(fields, 'authenticationId', longestName);
    const mechanismId = text(fields, 'mechanismId', longestName);
    const answer = text(fields, 'answer', 4096);
    const through = door(fields);
    const progress = await brake.run(
      keys.keyOf(authenticationId, source),
      async () => application.advanceAuthentication({ authenticationId, mechanismId, answer, source }),
      ({ status }) => status === 'failed',
    );
    if (progress.status !== 'next') keys.forget(authenticationId);
    return answerFor(progress, through);
  };

  return [
    { method: 'POST', path: '/auth/start', access: 'public', bodyLimit, handler: start },
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
    return jsonAnswer(401, { status: 'failed', errors });
  }
  const { user, login } = progress;
  const body = { status: 'success', user, expiresAt: login.expiresAt };
  return through === 'cli'
    ? jsonAnswer(200, { ...body, bearer: login.secret })
    : jsonAnswer(200, body, { 'set-cookie': loginCookie(login.secret) });
}
