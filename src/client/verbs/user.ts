import { positionals, type Verb } from '../verb.ts';

export const userResetLink: Verb = {
  name: 'user reset-link',
  usage: 'NAME',
  summary: 'make a link by which somebody sets their password once, within an hour (administrators)',
  options: {},
  async run(context, given) {
    const [user = ''] = positionals(given, 'NAME');
    const api = await context.api();
    const { url: link, expiresAt } = await api.rest<{ readonly url: string; readonly expiresAt: string }>(
      'POST',
      '/auth/reset-link',
      { user },
    );
    context.one({ user, link, expiresAt }, [link]);
    context.note(`It sets the password of ${user} once, until ${expiresAt}. Give it to nobody else.`);
  },
};
