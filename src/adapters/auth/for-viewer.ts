import type { Refused, Viewer } from '../../application/ports/application-face.ts';
import type { GuardedRoute } from '../../application/ports/http-route.ts';
import { type Category, isStreamIdOf, type StreamId } from '../../domain/kernel/ids.ts';
import { errorAnswer, jsonAnswer } from '../../wire/json-http.ts';

type Outcome = ({ readonly ok: true } & object) | Refused;

/** What a login shows of itself: an object with one list or value. */
export function ownGet(path: string, body: (viewer: Viewer) => Promise<object>): GuardedRoute {
  const handler: GuardedRoute['handler'] = async (_request, { viewer }) => jsonAnswer(200, await body(viewer));
  return { method: 'GET', path, access: 'viewer', handler };
}

/** A wish of a login in a JSON body of at most `bodyLimit` bytes. */
export function ownPost(path: string, bodyLimit: number, handler: GuardedRoute['handler']): GuardedRoute {
  return { method: 'POST', path, access: 'viewer', bodyLimit, handler };
}

/** Takes away the thing of this category that the path names by its id; `absent` says that there is none. */
export function ownDelete<C extends Category>(
  path: `${string}/:id`,
  category: C,
  absent: string,
  remove: (viewer: Viewer, id: StreamId<C>, request: Request) => Promise<Outcome>,
): GuardedRoute {
  const handler: GuardedRoute['handler'] = async (request, { viewer, params: { id = '' } }) =>
    isStreamIdOf(category, id)
      ? outcomeAnswer(await remove(viewer, id, request))
      : errorAnswer(404, { code: 'absent', message: absent });
  return { method: 'DELETE', path, access: 'viewer', handler };
}

const statusOf: Readonly<Record<string, number>> = { denied: 403, absent: 404 };

/** What was done, without the word for it; or why not. */
export function outcomeAnswer(result: Outcome): Response {
  if (!result.ok) return errorAnswer(statusOf[result.errors[0]?.code ?? ''] ?? 422, ...result.errors);
  const { ok: _ok, ...body } = result;
  return Object.keys(body).length === 0 ? new Response(null, { status: 204 }) : jsonAnswer(200, body);
}
