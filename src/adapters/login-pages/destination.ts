import { shownUserCode, typedUserCode } from '../../application/device-flow/user-code.ts';

/** Where somebody goes after logging in: this list and nothing else, so that no link leads through the login elsewhere (A5). */
export type Destination = { readonly to: 'account' } | { readonly to: 'device'; readonly userCode: string };

/** What a query or a form asks for; the account where that is nothing on the list. */
export function destinationOf(to: string | null, typed: string | null): Destination {
  if (to !== 'device') return { to: 'account' };
  const code = typed === null ? null : typedUserCode(typed);
  return { to: 'device', userCode: code === null ? '' : shownUserCode(code) };
}

export function addressOf(destination: Destination): string {
  if (destination.to === 'account') return '/auth/account';
  return destination.userCode === '' ? '/auth/device' : `/auth/device?user_code=${destination.userCode}`;
}

/** The login page once a new password is set, which leads on to there. */
export function loginWithNewPassword(destination: Destination): `/${string}` {
  const page = '/auth/login?done=password';
  if (destination.to === 'account') return page;
  const code = destination.userCode === '' ? '' : `&user_code=${destination.userCode}`;
  return `${page}&to=device${code}`;
}
