import { Api } from '../api.ts';
import { authenticate } from '../authenticate.ts';
import type { Context } from '../context.ts';
import { logInByDevice } from '../device-login.ts';
import { Refused } from '../errors.ts';
import { type KeptLogin, keepLogin, readLogin } from '../logins.ts';
import { positionals, textOption, type Verb } from '../verb.ts';

export const login: Verb = {
  name: 'login',
  usage: '',
  summary: 'log in, in the browser unless --user is given, and keep the login on this machine',
  options: {
    user: { type: 'string', help: 'login name: password and codes are asked here; default: SALLYPORT_USER' },
    provider: { type: 'string', help: 'identity provider to log in with' },
  },
  async run(context, given) {
    positionals(given);
    const installation = context.installation();
    const user = textOption(given, 'user') ?? context.environment.SALLYPORT_USER;
    const provider = textOption(given, 'provider') ?? null;
    const password = context.environment.SALLYPORT_PASSWORD;
    const kept =
      user === undefined
        ? await inBrowser(context, provider)
        : await authenticate(installation, { user, provider, password });
    keepLogin(context.environment, installation.server, kept);
    context.note(`Logged in as ${kept.user} at ${installation.server.origin} until ${kept.expiresAt}.`);
    context.note('Next: `sallyport token create` makes the password for your ssh client.');
  },
};

/** What was confirmed in the browser; when a provider was named, only a login that rests on it. */
async function inBrowser(context: Context, provider: string | null): Promise<KeptLogin> {
  if (!process.stdin.isTTY) {
    throw new Refused('there is no terminal, so nobody is asked to log in in a browser', [
      'set SALLYPORT_USER and SALLYPORT_PASSWORD, or run `sallyport login` at a terminal',
    ]);
  }
  const kept = await logInByDevice(context.installation(), (line) => context.note(line));
  if (provider === null) return kept;
  const api = new Api(context.installation(), kept.bearer);
  const used = (await currentLogin(api))?.provider;
  if (used === provider) return kept;
  await api.rest('POST', '/auth/logout');
  throw new Refused(`the login in the browser was by the provider ${used ?? '?'}, not by ${provider}`, [
    `log out there, log in by ${provider}, and try again`,
  ]);
}

export const logout: Verb = {
  name: 'logout',
  usage: '',
  summary: 'end the kept login',
  options: {},
  async run(context, given) {
    positionals(given);
    const installation = context.installation();
    const kept = readLogin(context.environment, installation.server);
    if (kept === null) {
      context.note(`Not logged in at ${installation.server.origin}; nothing to do.`);
      return;
    }
    try {
      await new Api(installation, kept.bearer).rest('POST', '/auth/logout');
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      context.note(
        `The server did not end the login (${error.message}); it is forgotten here and ends at ${kept.expiresAt}.`,
      );
    }
    keepLogin(context.environment, installation.server, null);
    context.note(`Logged out of ${installation.server.origin}.`);
  },
};

interface OwnLogin {
  readonly provider: string;
  readonly factors: readonly string[];
  readonly current: boolean;
}

/** Of the logins of this person the one that asks. */
async function currentLogin(api: Api): Promise<OwnLogin | undefined> {
  const { logins } = await api.rest<{ readonly logins: readonly OwnLogin[] }>('GET', '/auth/logins');
  return logins.find(({ current }) => current);
}

interface LoginSession {
  readonly user: { readonly id: string; readonly name: string };
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  readonly expiresAt: string;
}

export const status: Verb = {
  name: 'status',
  usage: '',
  summary: 'who am I, where, and for how long',
  options: {},
  async run(context, given) {
    positionals(given);
    const api = await context.api();
    const session = await api.rest<LoginSession>('GET', '/auth/session');
    const { user, roles, permissions, expiresAt } = session;
    const { provider = null, factors = [] } = (await currentLogin(api)) ?? {};
    const server = api.installation.server.origin;
    context.one({ server, user: user.name, provider, factors, roles, permissions, expiresAt }, [
      `${user.name} at ${server} until ${expiresAt}`,
      `logged in by ${provider ?? '-'} with ${factors.map(spokenFactor).join(', ') || '-'}`,
      `roles: ${roles.join(', ') || 'none'}; permissions: ${permissions.join(', ')}`,
    ]);
  },
};

const spokenFactors: Readonly<Record<string, string>> = {
  UP: 'password',
  IDP: 'the page of the provider',
  OATH: 'authenticator code',
  RC: 'recovery code',
  WebAuthn: 'passkey',
};

function spokenFactor(name: string): string {
  return spokenFactors[name] ?? name;
}
