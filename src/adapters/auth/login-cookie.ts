const name = '__Host-sallyport';
const attributes = 'Path=/; Secure; HttpOnly; SameSite=Strict';

/** Sets the cookie of a login: a session cookie, since the login's end is kept by the server. */
export function loginCookie(secret: string): string {
  return `${name}=${secret}; ${attributes}`;
}

export const clearedCookie = `${name}=; ${attributes}; Max-Age=0`;
