import { Refused } from '../errors.ts';
import { changingFactors } from '../fresh-factor.ts';
import { ask } from '../prompt.ts';
import { positionals, textOption, type Verb } from '../verb.ts';

interface Factor {
  readonly factorId: string;
  readonly kind: string;
  readonly label: string;
  readonly enrolledAt: string;
  readonly lastUsedAt: string | null;
  readonly left: number | null;
}

export const factorList: Verb = {
  name: 'factor list',
  usage: '',
  summary: 'my second factors',
  options: { user: { type: 'string', help: 'those of somebody else, as an administrator' } },
  async run(context, given) {
    positionals(given);
    const user = textOption(given, 'user');
    const query = user === undefined ? '' : `?${new URLSearchParams({ user }).toString()}`;
    const api = await context.api();
    const { factors } = await api.rest<{ factors: readonly Factor[] }>('GET', `/auth/factors${query}`);
    const rows = factors.map(({ factorId: id, ...rest }) => ({ id, ...rest }));
    const columns = ['id', 'kind', 'label', 'enrolledAt', 'lastUsedAt', 'left'];
    context.list(
      rows,
      columns,
      user === undefined
        ? 'No second factor. `sallyport factor add-totp` adds an authenticator app.'
        : `${user} has no second factor.`,
    );
  },
};

export const factorAddTotp: Verb = {
  name: 'factor add-totp',
  usage: '',
  summary: 'add an authenticator app that shows codes',
  options: { label: { type: 'string', help: 'what I call it; default: authenticator app' } },
  async run(context, given) {
    positionals(given);
    const label = textOption(given, 'label') ?? 'authenticator app';
    if (!process.stdin.isTTY) {
      const page = `${context.installation().server.origin}/auth/account`;
      throw new Refused(`the first code is typed at a terminal, and there is none; or add it in a browser at ${page}`);
    }
    const api = await context.api();
    const begun = await changingFactors(api, (fresh) =>
      api.rest<{ secret: string; uri: string; sealed: string }>('POST', '/auth/factors/totp', { label, ...fresh }),
    );
    context.note('Add this key to the app (time-based, 6 digits, 30 seconds), or open the address on the phone:');
    context.note(`  ${begun.secret}`);
    context.note(`  ${begun.uri}`);
    const code = await ask('The code it shows now: ', false);
    const { factorId } = await api.rest<{ factorId: string }>('POST', '/auth/factors/totp/finish', {
      sealed: begun.sealed,
      code,
    });
    context.one({ id: factorId, kind: 'totp', label }, [factorId]);
    context.note('It counts from the next login. `sallyport factor recovery-codes` draws codes for when it is lost.');
  },
};

export const factorRecoveryCodes: Verb = {
  name: 'factor recovery-codes',
  usage: '',
  summary: 'draw ten codes, each good once, for when a factor is lost; those from before stop counting',
  options: { user: { type: 'string', help: 'for somebody else, as an administrator' } },
  async run(context, given) {
    positionals(given);
    const api = await context.api();
    const user = textOption(given, 'user') ?? null;
    const { factorId: id, codes } = await changingFactors(api, (fresh) =>
      api.rest<{ factorId: string; codes: readonly string[] }>('POST', '/auth/factors/recovery-codes', {
        user,
        ...fresh,
      }),
    );
    context.one({ id, codes }, codes);
    context.note('They are shown this once. Keep them on paper or in a password manager.');
  },
};

export const factorRemove: Verb = {
  name: 'factor remove',
  usage: 'ID',
  summary: 'a second factor counts no more',
  options: {},
  async run(context, given) {
    const [id = ''] = positionals(given, 'ID');
    const api = await context.api();
    await changingFactors(api, ({ freshFactor }) => {
      const query = freshFactor === undefined ? '' : `?freshFactor=${encodeURIComponent(freshFactor)}`;
      return api.rest('DELETE', `/auth/factors/${encodeURIComponent(id)}${query}`);
    });
    context.note(`Factor ${id} counts no more.`);
  },
};
