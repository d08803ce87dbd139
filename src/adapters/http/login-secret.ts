import { loginCookieName as cookieName } from '../../wire/login-cookie.ts';

export interface LoginSecret {
  readonly secret: string;
  readonly from: 'bearer' | 'cookie';
}

/** What the request shows as its login. An Authorization header, even a wrong one, hides the cookie. */
export function loginSecretOf(headers: {
  readonly authorization?: string | undefined;
  readonly cookie?: string | undefined;
}): LoginSecret | null {
  if (headers.authorization !== undefined) {
    const secret = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(headers.authorization)?.[1];
    return secret === undefined ? null : { secret, from: 'bearer' };
  }
  const values = (headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${cookieName}=`))
    .map((pair) => pair.slice(cookieName.length + 1));
  const [secret] = values;
  return values.length === 1 && secret !== undefined && secret.length <= 512 && secret !== ''
    ? { secret, from: 'cookie' }
    : null;
}
