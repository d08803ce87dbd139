import { shownUserCode, typedUserCode } from '../../application/device-flow/user-code.ts';

/** Where somebody goes after logging in: this list and nothing else, so that no link leads through the login elsewhere (A5). */
export type Destination =
  | { readonly to: 'account' }
  | { readonly to: 'device'; readonly userCode: string }
  /** A screen of the web UI, with its query. */
  | { readonly to: 'ui'; readonly path: `/ui${string}` };

/** Nothing in it is a scheme, a host or a step upwards, however it is read. */
const screen = /^\/ui(?:\/[\w~-][\w.~-]*)*(?:\?[\w.~%&=+:,*-]*)?$/;

/** What a query or a form asks for; the web UI where that is nothing on the list. */
export function destinationOf(to: string | null, typed: string | null): Destination {
  if (to === 'account') return { to };
  if (to !== 'device') return { to: 'ui', path: to !== null && screen.test(to) ? (to as '/ui') : '/ui' };
  const code = typed === null ? null : typedUserCode(typed);
  return { to: 'device', userCode: code === null ? '' : shownUserCode(code) };
}

export function addressOf(destination: Destination): string {
  if (destination.to === 'account') return '/auth/account';
  if (destination.to === 'ui') return destination.path;
  return destination.userCode === '' ? '/auth/device' : `/auth/device?user_code=${destination.userCode}`;
}

/** The login page once a new password is set, which leads on to there. */
export function loginWithNewPassword(destination: Destination): `/${string}` {
  const query = new URLSearchParams({ done: 'password', ...fieldsOf(destination) });
  return `/auth/login?${query.toString()}`;
}

/** What `destinationOf` reads it from, in a query or a form. */
export function fieldsOf(destination: Destination): Readonly<Record<string, string>> {
  if (destination.to === 'account') return { to: 'account' };
  if (destination.to === 'ui') return { to: destination.path };
  return { to: 'device', ...(destination.userCode === '' ? {} : { user_code: destination.userCode }) };
}
