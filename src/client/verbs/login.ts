import { Api } from '../api.ts';
import { answers, authenticate } from '../authenticate.ts';
import { Refused } from '../errors.ts';
import { keepLogin, readLogin } from '../logins.ts';
import { ask } from '../prompt.ts';
import { positionals, textOption, type Verb } from '../verb.ts';

export const login: Verb = {
  name: 'login',
  usage: '',
  summary: 'log in and keep the login on this machine',
  options: { user: { type: 'string', help: 'login name; default: SALLYPORT_USER, else it is asked' } },
  async run(context, given) {
    positionals(given);
    const installation = context.installation();
    const user = textOption(given, 'user') ?? context.environment.SALLYPORT_USER ?? (await ask('User: ', false));
    const kept = await authenticate(installation, user, answers(context.environment));
    keepLogin(context.environment, installation.server, kept);
    context.note(`Logged in as ${kept.user} at ${installation.server.origin} until ${kept.expiresAt}.`);
    context.note('Next: `sallyport token create` makes the password for your ssh client.');
  },
};

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
    const server = api.installation.server.origin;
    context.one({ server, user: user.name, roles, permissions, expiresAt }, [
      `${user.name} at ${server} until ${expiresAt}`,
      `roles: ${roles.join(', ') || 'none'}; permissions: ${permissions.join(', ')}`,
    ]);
  },
};
