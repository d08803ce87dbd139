import { type Api, parse } from './api.ts';
import { answerChallenge, type Mechanism } from './challenge-prompts.ts';
import { Refused } from './errors.ts';
import { exchange } from './http.ts';

interface Payload {
  readonly errors: readonly { readonly code: string }[];
}

/**
 * Makes a pass by `make`, whose argument is part of the mutation's input. Where the policy asks for a fresh factor, it
 * is asked for at the terminal, and `make` runs once more (docs/protocols/http.md, "A fresh factor").
 */
export async function withFreshFactor<P extends Payload>(
  api: Api,
  make: (input: { readonly freshFactor?: string }) => Promise<P>,
): Promise<P> {
  const payload = await make({});
  if (!payload.errors.some(({ code }) => code === 'fresh-factor-needed')) return payload;
  return make({ freshFactor: await showFactor(api, 'pass') });
}

/** As above, for a request that changes factors: whoever has one shows it first. */
export async function changingFactors<T>(
  api: Api,
  change: (input: { readonly freshFactor?: string }) => Promise<T>,
): Promise<T> {
  try {
    return await change({});
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== 'fresh-factor-needed') throw error;
  }
  return change({ freshFactor: await showFactor(api, 'factors') });
}

/** The authentication by which a factor was shown. */
async function showFactor(api: Api, need: 'pass' | 'factors'): Promise<string> {
  const { authenticationId, challenges } = await api.rest<{
    readonly authenticationId: string;
    readonly challenges: readonly { readonly mechanisms: readonly Mechanism[] }[];
  }>('POST', '/auth/fresh-factor', { for: need, door: 'cli' });
  const mechanisms = challenges[0]?.mechanisms ?? [];
  if (!mechanisms.some(({ name }) => name === 'OATH' || name === 'RC')) {
    throw new Refused('this needs a security key, which the command line cannot ask', [
      need === 'pass'
        ? 'with recovery codes (`sallyport factor recovery-codes`) one of them will do'
        : `do it in a browser at ${api.installation.server.origin}/auth/account`,
    ]);
  }
  const answer = await answerChallenge(mechanisms, undefined);
  const body = { authenticationId, ...answer, door: 'cli' };
  const shown = await exchange(api.installation, { method: 'POST', path: '/auth/advance', body });
  if (shown.status === 401) {
    throw new Refused('the code was not taken, and nothing was done', ['run this again with another code']);
  }
  parse(shown);
  return authenticationId;
}
