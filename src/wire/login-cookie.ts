/** The cookie of a browser's login; the prefix makes browsers insist on Secure, Path=/ and no Domain. */
export const loginCookieName = '__Host-sallyport';
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** Sets the cookie of a login: a session cookie, since the login's end is kept by the server. */
export function loginCookie(secret: string): string {
  return `${loginCookieName}=${secret}; ${attributes}`;
}

export const clearedCookie = `${loginCookieName}=; ${attributes}; Max-Age=0`;
