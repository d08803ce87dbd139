import { ask, type OwnAnswer } from '../../http/own.ts';
import { credentialAsked } from './webauthn.ts';

/** How a second factor can be shown: OATH a code of an app, RC a recovery code, WebAuthn a security key. */
export interface Mechanism {
  readonly id: string;
  readonly name: string;
}

/** A fresh factor that is being asked for (docs/protocols/http.md, "A fresh factor"). */
export interface Attempt {
  readonly authenticationId: string;
  readonly mechanisms: readonly Mechanism[];
}

/** What it is shown for: a token or key, or a change of factors. */
export type FreshPurpose = 'pass' | 'factors';

export async function beginAttempt(purpose: FreshPurpose): Promise<OwnAnswer<Attempt>> {
  const answer = await ask<{
    readonly authenticationId: string;
    readonly challenges: readonly { readonly mechanisms: readonly Mechanism[] }[];
  }>('POST', '/auth/fresh-factor', { for: purpose, door: 'web' });
  if (!answer.ok) return answer;
  const { authenticationId, challenges } = answer.value;
  return { ok: true, value: { authenticationId, mechanisms: challenges[0]?.mechanisms ?? [] } };
}

/** Answers with a code. An answer that is not taken ends the attempt. */
export async function showCode(attempt: Attempt, mechanism: Mechanism, code: string): Promise<OwnAnswer<unknown>> {
  return advance(attempt, mechanism, code, null);
}

/** Has the browser sign with a security key. */
export async function showKey(attempt: Attempt, mechanism: Mechanism): Promise<OwnAnswer<unknown>> {
  const { authenticationId } = attempt;
  const begun = await ask<{ readonly round: string; readonly options: string | null }>('POST', '/auth/begin', {
    authenticationId,
    mechanismId: mechanism.id,
  });
  if (!begun.ok) return begun;
  const signed = await credentialAsked(begun.value.options ?? '{}');
  return signed.ok ? advance(attempt, mechanism, signed.value, begun.value.round) : signed;
}

async function advance(
  { authenticationId }: Attempt,
  { id }: Mechanism,
  answer: string,
  round: string | null,
): Promise<OwnAnswer<unknown>> {
  return ask('POST', '/auth/advance', { authenticationId, mechanismId: id, answer, round, door: 'web' });
}
