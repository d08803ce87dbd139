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
  return make({ freshFactor: await showFactor(api) });
}

/** The authentication by which a factor was shown. */
async function showFactor(api: Api): Promise<string> {
  const { authenticationId, challenges } = await api.rest<{
    readonly authenticationId: string;
    readonly challenges: readonly { readonly mechanisms: readonly Mechanism[] }[];
  }>('POST', '/auth/fresh-factor', { door: 'cli' });
  const mechanisms = challenges[0]?.mechanisms ?? [];
  if (!mechanisms.some(({ name }) => name === 'OATH' || name === 'RC')) {
    throw new Refused('this needs a security key, which the command line cannot ask', [
      'with recovery codes (`sallyport factor recovery-codes`) one of them will do',
    ]);
  }
  const answer = await answerChallenge(mechanisms, undefined);
  const body = { authenticationId, ...answer, door: 'cli' };
  const shown = await exchange(api.installation, { method: 'POST', path: '/auth/advance', body });
  if (shown.status === 401) {
    throw new Refused('the code was not taken, and nothing was made', ['run this again with another code']);
  }
  parse(shown);
  return authenticationId;
}
