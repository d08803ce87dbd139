/** Where somebody goes after logging in: this list and nothing else, so that no link leads through the login elsewhere (A5). */
export type Destination = { readonly to: 'account' } | { readonly to: 'device'; readonly userCode: string };

/** The letters of a user code (RFC 8628, section 6.1), with or without its dash. */
const userCode = /^[A-Za-z]{4}-?[A-Za-z]{4}$/;

export const isUserCode = (text: string): boolean => userCode.test(text);

/** What a query or a form asks for; the account where that is nothing on the list. */
export function destinationOf(to: string | null, code: string | null): Destination {
  if (to !== 'device') return { to: 'account' };
  return { to: 'device', userCode: code !== null && isUserCode(code) ? code : '' };
}

export function addressOf(destination: Destination): string {
  if (destination.to === 'account') return '/auth/account';
  return destination.userCode === '' ? '/auth/device' : `/auth/device?user_code=${destination.userCode}`;
}
