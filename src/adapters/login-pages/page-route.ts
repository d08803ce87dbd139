import type { GuardedRoute, PublicRoute } from '../../application/ports/http-route.ts';

/** Bytes of a form that a person fills in. */
const formLimit = 16_384;

type PublicHandler = PublicRoute['handler'];
type OwnHandler = GuardedRoute['handler'];

/** A page for everybody. */
export function openPage(path: string, handler: PublicHandler): PublicRoute {
  return { method: 'GET', path, access: 'public', page: true, handler };
}

/** A form for everybody. */
export function openForm(path: string, handler: PublicHandler): PublicRoute {
  return { method: 'POST', path, access: 'public', page: true, body: 'form', bodyLimit: formLimit, handler };
}

/** A page for somebody logged in. */
export function ownPage(path: string, handler: OwnHandler): GuardedRoute {
  return { method: 'GET', path, access: 'viewer', page: true, handler };
}

/** A form for somebody logged in. */
export function ownForm(path: string, handler: OwnHandler, bodyLimit = formLimit): GuardedRoute {
  return { method: 'POST', path, access: 'viewer', page: true, body: 'form', bodyLimit, handler };
}
