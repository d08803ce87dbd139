import { positionals, type Verb } from '../verb.ts';

interface Reach {
  readonly target: string;
  readonly account: string;
  readonly protocol: string;
  readonly login: string;
  readonly allowed: boolean;
  readonly reason: string | null;
}

export const ls: Verb = {
  name: 'ls',
  usage: '',
  summary: 'what may I reach, and how',
  options: {},
  async run(context, given) {
    positionals(given);
    const api = await context.api();
    const { reach } = await api.rest<{ reach: readonly Reach[] }>('GET', '/api/v1/reach');
    const rows = reach.map((entry) => ({ ...entry, allowed: entry.allowed ? 'yes' : 'no' }));
    if (context.options.format === 'table') {
      context.list(
        rows,
        ['target', 'account', 'protocol', 'login', 'allowed', 'reason'],
        'Nothing yet: ask an administrator for an entitlement.',
      );
    } else
      context.list(
        reach.map((entry) => ({ ...entry })),
        [],
        '',
      );
  },
};
