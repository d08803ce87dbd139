import { exchange } from '../../../src/client/http.ts';
import { installationOf } from '../person.ts';
import type { Product } from '../product.ts';
import { isLoginOf, type Visit } from './visit.ts';

interface Step {
  readonly authenticationId?: string;
  readonly challenges?: readonly { readonly mechanisms: readonly { readonly id: string; readonly name: string }[] }[];
  readonly redirect?: string;
  readonly round?: string;
  readonly bearer?: string;
}

/** The endpoints of the command line, with what it would not send by itself. */
export function program(product: Product, name: string): Visit {
  const installation = installationOf(product);
  let bearer: string | undefined;
  let authenticationId = '';
  let round: string | null = null;
  /** Mechanisms that were ever shown, the newest last. */
  let mechanisms: readonly { readonly id: string; readonly name: string }[] = [];

  const ask = async <T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> => {
    const more = { ...(body === undefined ? {} : { body }), ...(bearer === undefined ? {} : { bearer }) };
    const { text } = await exchange(installation, { method, path, ...more });
    return JSON.parse(text === '' ? '{}' : text) as T;
  };
  const took = (step: Step): void => {
    mechanisms = [...mechanisms, ...(step.challenges?.[0]?.mechanisms ?? [])];
    bearer = step.bearer ?? bearer;
  };
  const started = async (path: string, wish: object): Promise<void> => {
    const step = await ask<Step>('POST', path, { ...wish, door: 'cli' });
    authenticationId = step.authenticationId ?? '';
    mechanisms = [];
    round = null;
    took(step);
  };
  const answer = async (mechanism: string, given: unknown): Promise<void> => {
    const mechanismId = mechanisms.findLast((each) => each.name === mechanism)?.id ?? '';
    const attempt = { authenticationId, mechanismId, answer: given, door: 'cli' };
    took(await ask<Step>('POST', '/auth/advance', round === null ? attempt : { ...attempt, round }));
  };
  const begin = async (): Promise<string | null> => {
    const step = await ask<Step>('POST', '/auth/begin', { authenticationId, mechanismId: mechanisms[0]?.id });
    round = step.round ?? round;
    return step.redirect ?? null;
  };
  const begun = async (path: string): Promise<string> => {
    await started(path, { provider: 'corp' });
    return (await begin()) ?? '';
  };
  const holdsLogin = (): Promise<boolean> => isLoginOf(ask, name);

  return {
    password: async (text, provider = 'local') => {
      await started('/auth/start', { user: name, provider });
      await answer('UP', text);
    },
    code: async (text) => {
      round = null;
      await answer('RC', text);
    },
    toCorp: () => begun('/auth/start'),
    again: begin,
    back: (url) => answer('IDP', { url, fields: {} }),
    linkCorp: () => begun('/auth/link'),
    keep: () => {
      const kept = { authenticationId, round, mechanisms };
      return () => {
        ({ authenticationId, round, mechanisms } = kept);
      };
    },
    signOut: async () => {
      await ask('POST', '/auth/logout');
      bearer = undefined;
    },
    ask,
    holdsLogin,
    isIn: holdsLogin,
  };
}
