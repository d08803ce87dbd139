import { expect } from 'vitest';
import { appCode } from '../../kit/authenticator-app.ts';
import type { SeenEvent } from '../person.ts';
import type { RulesInstallation } from './installation.ts';
import type { Visit } from './visit.ts';

interface Step {
  readonly status: string;
  readonly authenticationId: string;
  readonly challenges: readonly { readonly mechanisms: readonly { readonly id: string }[] }[];
  readonly redirect: string;
  readonly round: string;
}

const mechanismOf = ({ challenges }: Step): string | undefined => challenges[0]?.mechanisms[0]?.id;

/** Begins to show a factor with the login that there is; gives what shows it, and that the attempt's id. */
export async function begunFresh(here: RulesInstallation, visit: Visit, name: string): Promise<() => Promise<string>> {
  const begun = await visit.ask<Step>('POST', '/auth/fresh-factor', { door: 'web' });
  const { authenticationId } = begun;
  return async () => {
    const attempt = { authenticationId, mechanismId: mechanismOf(begun), door: 'web' };
    const shown = await visit.ask<Step>('POST', '/auth/advance', { ...attempt, answer: here.code(name) });
    expect(shown.status).toBe('shown');
    return authenticationId;
  };
}

/** Shows an app that was just enrolled, as for a change of factors; what is shown so is not bound to that use. */
export async function shownApp(visit: Visit): Promise<string> {
  const begun = await visit.ask<{ secret: string; sealed: string }>('POST', '/auth/factors/totp', { label: 'phone' });
  const { secret, sealed } = begun;
  await visit.ask('POST', '/auth/factors/totp/finish', { sealed, code: appCode(secret, Date.now()) });
  const started = await visit.ask<Step>('POST', '/auth/fresh-factor', { for: 'factors', door: 'web' });
  const { authenticationId } = started;
  const attempt = { authenticationId, mechanismId: mechanismOf(started), door: 'web' };
  const answer = appCode(secret, Date.now(), 1);
  expect(await visit.ask('POST', '/auth/advance', { ...attempt, answer })).toMatchObject({ status: 'shown' });
  return authenticationId;
}

/** Links what somebody is at `corp`, with a factor on top; gives the attempt's own id, which only the log tells. */
export async function linkedWithFactor(here: RulesInstallation, visit: Visit, name: string): Promise<string> {
  const before = await here.admin.head();
  const started = await visit.ask<Step>('POST', '/auth/link', { provider: 'corp', door: 'web' });
  const { authenticationId } = started;
  const attempt = { authenticationId, mechanismId: mechanismOf(started) };
  const { redirect, round } = await visit.ask<Step>('POST', '/auth/begin', attempt);
  const answer = { url: await here.atCorp(redirect, name), fields: {} };
  const next = await visit.ask<Step>('POST', '/auth/advance', { ...attempt, answer, round, door: 'web' });
  const factor = { authenticationId, mechanismId: mechanismOf(next), answer: here.code(name), door: 'web' };
  expect(await visit.ask('POST', '/auth/advance', factor)).toMatchObject({ status: 'shown', purpose: 'link' });
  const isLink = ({ type, data }: SeenEvent): boolean => type === 'AuthenticationStarted' && data.purpose === 'link';
  return (await here.admin.event(before, 'the link', isLink)).stream;
}

/** A token made with the login that there is and a fresh factor; null: it was refused. */
export async function tokenBy(visit: Visit, freshFactor: string): Promise<string | null> {
  const query = `mutation ($input: IssueTemporaryTokenInput!) { issueTemporaryToken(input: $input) {
    secret errors { code } } }`;
  type Made = { readonly secret: string | null; readonly errors: readonly { readonly code: string }[] };
  const variables = { input: { freshFactor } };
  const { data } = await visit.ask<{ data: { issueTemporaryToken: Made } }>('POST', '/graphql', { query, variables });
  const { secret, errors } = data.issueTemporaryToken;
  expect(errors.map(({ code }) => code)).toEqual(secret === null ? ['fresh-factor-needed'] : []);
  return secret;
}
