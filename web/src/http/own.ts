import { toLogin } from '../app/login.ts';
import { noteServerDate } from '../graphql/server-clock.ts';

/** An answer of the JSON routes below `/auth` (docs/protocols/http.md). */
export type OwnAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly code: string; readonly message: string };

const lost = 'The server does not answer. Check your connection, then try again.';

/** Asks with the login of the browser. `body` null: none. Who is not logged in is led to the login page. */
export async function ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body: unknown): Promise<OwnAnswer<T>> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(body === null ? {} : { 'content-type': 'application/json' }) },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    return { ok: false, code: 'unreachable', message: lost };
  }
  noteServerDate(answer.headers.get('date'));
  const value = (await answer.json().catch(() => null)) as { errors?: { code: string; message: string }[] } | null;
  if (answer.ok) return { ok: true, value: value as T };
  const { code = 'refused', message = `The server refused the request (${String(answer.status)}).` } =
    value?.errors?.[0] ?? {};
  if (code === 'login-needed') toLogin();
  return { ok: false, code, message };
}
