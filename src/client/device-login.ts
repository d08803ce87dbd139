import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { visibleText } from '../domain/kernel/visible-text.ts';
import { parse } from './api.ts';
import { Refused } from './errors.ts';
import { exchange, type HttpAnswer } from './http.ts';
import type { Installation } from './installation.ts';
import type { KeptLogin } from './logins.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
/** RFC 8628, section 3.5. */
const slowerSeconds = 5;

/** Logs in by the device flow (RFC 8628): the person confirms a code in a browser, anywhere. `tell` shows them where. */
export async function logInByDevice(installation: Installation, tell: (line: string) => void): Promise<KeptLogin> {
  const client = { client_id: `sallyport on ${visibleText(hostname()).slice(0, 80)}` };
  const begun = parse(await post(installation, '/auth/device_authorization', client)) as {
    readonly device_code: string;
    readonly user_code: string;
    readonly verification_uri: string;
    readonly verification_uri_complete: string;
    readonly expires_in: number;
    readonly interval: number;
  };
  tell('Open this page in a browser, log in there, and confirm the code:');
  tell(`  ${visibleText(begun.verification_uri_complete)}`);
  tell(`  code: ${visibleText(begun.user_code)} (for ${String(Math.floor(begun.expires_in / 60))} minutes)`);
  for (let seconds = begun.interval; ; ) {
    await pause(seconds * 1_000);
    const poll = { ...client, grant_type: grantType, device_code: begun.device_code };
    const answer = await post(installation, '/auth/token', poll);
    const error = errorOf(answer);
    if (error === 'slow_down') seconds += slowerSeconds;
    else if (error === 'access_denied') throw new Refused('the login was denied');
    else if (error === 'expired_token') throw new Refused('nobody confirmed the code in time', ['begin anew']);
    else if (error !== 'authorization_pending') return granted(answer);
  }
}

function granted(answer: HttpAnswer): KeptLogin {
  const token = parse(answer) as {
    readonly access_token: string;
    readonly expires_at: string;
    readonly user: { readonly name: string };
  };
  return { bearer: token.access_token, user: token.user.name, expiresAt: token.expires_at };
}

function errorOf({ status, text }: HttpAnswer): string | undefined {
  if (status !== 400) return undefined;
  try {
    return (JSON.parse(text) as { readonly error?: string }).error;
  } catch {
    return undefined;
  }
}

async function post(
  installation: Installation,
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<HttpAnswer> {
  return exchange(installation, { method: 'POST', path, form });
}
