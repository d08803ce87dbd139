import { visibleText } from '../../domain/kernel/visible-text.ts';
import { positionals, type Verb } from '../verb.ts';

export const userResetLink: Verb = {
  name: 'user reset-link',
  usage: 'NAME',
  summary: 'make a link by which somebody sets their password once, within an hour (administrators)',
  options: {},
  async run(context, given) {
    const [user = ''] = positionals(given, 'NAME');
    const api = await context.api();
    const { link, expiresAt } = await api.rest<{ readonly link: string; readonly expiresAt: string }>(
      'POST',
      '/auth/reset-link',
      { user },
    );
    const page = new URL('/auth/reset', api.installation.server);
    page.searchParams.set('link', link);
    context.one({ user, link: page.href, expiresAt }, [page.href]);
    context.note(`It sets the password of ${visibleText(user)} once, until ${expiresAt}. Give it to nobody else.`);
  },
};
