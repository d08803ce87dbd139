import type { Permission } from '../../domain/policy/events.ts';
import type { Viewer } from '../../application/ports/application-face.ts';
import type { GuardedAccess, Route } from '../../application/ports/http-route.ts';
import { errorAnswer } from '../../wire/json-http.ts';
import { loginSecretOf } from './login-secret.ts';
import { mayChange } from './same-origin.ts';

/** The head of a request, as far as the gate looks at it. */
export interface RequestHead {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawHeaders: readonly string[];
}

/** A request that may reach its handler. */
export interface Admitted {
  readonly route: Route;
  readonly viewer: Viewer | null;
  readonly secret: string;
}

export const needed: Readonly<Record<GuardedAccess, Permission>> = {
  viewer: 'self',
  auditor: 'audit',
  admin: 'administer',
};

export const loginNeeded = errorOf(
  401,
  'login-needed',
  'Log in first (POST /auth/start, or `sallyport login`): there is no login, or it has ended.',
);
export const denied = errorOf(403, 'denied', 'Your roles do not permit this.');
export const foreign = errorOf(403, 'foreign-origin', 'This request comes from another site; nothing was done.');
const absent = errorOf(404, 'absent', 'There is nothing at this path and method.');
const noJson = errorOf(415, 'not-json', 'Send a JSON body with exactly `Content-Type: application/json`.');
const noForm = errorOf(415, 'not-form', 'Send a form with exactly `Content-Type: application/x-www-form-urlencoded`.');

function errorOf(status: number, code: string, message: string): () => Response {
  return () => errorAnswer(status, { code, message });
}

/**
 * The one check before any handler (W1-W3): a request passes only when its route says who may, and the login it shows
 * fits. Errors of `viewerOf` are thrown on: no answer about the login is a no.
 */
export function gatekeeper(viewerOf: (secret: string, isUse: boolean) => Promise<Viewer | null>) {
  return async (route: Route | undefined, head: RequestHead): Promise<Admitted | Response> => {
    if (route === undefined) return absent();
    const shown = loginSecretOf({ authorization: one(head, 'authorization'), cookie: one(head, 'cookie') });
    if (!mayCome(route, head, shown?.from === 'cookie')) return foreign();
    const admitted = await admit(route, shown?.secret ?? null, (secret) => viewerOf(secret, isByPerson(head)));
    if (admitted instanceof Response) return admitted;
    if (bodyFits(route, head)) return admitted;
    return route.body === 'form' ? noForm() : noJson();
  };
}

/** CSRF. A form comes from a browser, with whatever cookies it has: it has to show where it comes from, unless programs send it. */
function mayCome(route: Route, head: RequestHead, cookieShown: boolean): boolean {
  if (head.method === 'GET' || (route.fromElsewhere === true && route.access === 'public')) return true;
  const origin = { origin: one(head, 'origin'), site: one(head, 'sec-fetch-site'), host: one(head, 'host') ?? '' };
  const isPublic = route.access === 'public';
  const isPageForm = route.body === 'form' && !(isPublic && route.fromPrograms === true);
  return mayChange(origin, isPageForm || (!isPublic && cookieShown));
}

async function admit(
  route: Route,
  secret: string | null,
  viewerOf: (secret: string) => Promise<Viewer | null>,
): Promise<Admitted | Response> {
  if (route.access === 'public') return { route, viewer: null, secret: '' };
  const viewer = secret === null ? null : await viewerOf(secret);
  if (viewer === null || secret === null) return loginNeeded();
  return viewer.permissions.includes(needed[route.access]) ? { route, viewer, secret } : denied();
}

/** A page that only looks again for what has changed says so: that keeps no login from being idle (security rule A7). */
function isByPerson(head: RequestHead): boolean {
  return one(head, 'sallyport-unattended') === undefined;
}

function bodyFits(route: Route, head: RequestHead): boolean {
  const types = head.rawHeaders.filter((_value, index) => index % 2 === 0 && isContentType(head.rawHeaders[index]));
  if (route.bodyLimit !== undefined) return types.length === 1 && isTypeOf(route, one(head, 'content-type') ?? '');
  const length = head.headers['content-length'];
  return head.headers['transfer-encoding'] === undefined && (length === undefined || length === '0');
}

/** Programs in Java, Keycloak among them, say of a form that it is in UTF-8, which says nothing else than saying nothing. */
const programForm = /^application\/x-www-form-urlencoded; ?charset=utf-8$/i;

function isTypeOf({ body, fromPrograms }: Route, type: string): boolean {
  if (body !== 'form') return type === 'application/json';
  return type === 'application/x-www-form-urlencoded' || (fromPrograms === true && programForm.test(type));
}

function isContentType(name: string | undefined): boolean {
  return name?.toLowerCase() === 'content-type';
}

export function one(head: RequestHead, name: string): string | undefined {
  const value = head.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
