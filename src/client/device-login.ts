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
/** Between two polls, while the server can't answer. */
const longestSeconds = 30;

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
  tell(`  ${begun.verification_uri_complete}`);
  tell(`  code: ${begun.user_code} (for ${String(Math.floor(begun.expires_in / 60))} minutes)`);
  const poll = { ...client, grant_type: grantType, device_code: begun.device_code };
  const end = performance.now() + begun.expires_in * 1_000;
  let seconds = begun.interval;
  let trouble: Refused | null = null;
  for (let failures = 0; ; ) {
    const rest = end - performance.now();
    if (rest <= 0) throw trouble ?? tooLate();
    await pause(Math.min(rest, 1_000 * Math.min(longestSeconds, seconds * 2 ** failures)));
    const answer = await answerOrTrouble(installation, poll);
    trouble = answer instanceof Refused ? answer : null;
    failures = trouble === null ? 0 : failures + 1;
    if (answer instanceof Refused) continue;
    const error = errorOf(answer);
    if (error === 'slow_down') seconds += slowerSeconds;
    else if (error === 'access_denied') throw new Refused('the login was denied');
    else if (error === 'expired_token') throw tooLate();
    else if (error === 'invalid_grant')
      throw new Refused('the server does not know this code any more', ['begin anew']);
    else if (error !== 'authorization_pending') return granted(answer);
  }
}

function tooLate(): Refused {
  return new Refused('nobody confirmed the code in time', ['begin anew']);
}

/** One poll. A server that is gone, starts again or has too much to do may answer the next one (RFC 8628, section 3.5). */
async function answerOrTrouble(
  installation: Installation,
  poll: Readonly<Record<string, string>>,
): Promise<HttpAnswer | Refused> {
  try {
    const answer = await post(installation, '/auth/token', poll);
    if (answer.status !== 429 && answer.status < 500) return answer;
    return new Refused(`${installation.server.origin} answered ${String(answer.status)}; try again later`);
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
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
