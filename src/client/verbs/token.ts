import { type Connection, everyNode, pageInfo } from '../api.ts';
import { Refused } from '../errors.ts';
import { withFreshFactor } from '../fresh-factor.ts';
import { durationSeconds, positionals, protocolsOf, textOption, type Verb } from '../verb.ts';

export interface PayloadErrors {
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

export function refuseErrors(payload: PayloadErrors): void {
  const [first, ...others] = payload.errors;
  if (first !== undefined)
    throw new Refused(
      first.message,
      others.map((error) => error.message),
    );
}

export const tokenCreate: Verb = {
  name: 'token create',
  usage: '',
  summary: 'make a temporary token: the password for native clients',
  options: {
    ttl: { type: 'string', help: 'how long it lives, at most 8h (the default)' },
    protocol: { type: 'string', help: 'only for these, for example ssh,postgres' },
    target: { type: 'string', help: 'only for this target' },
  },
  async run(context, given) {
    positionals(given);
    const ttl = textOption(given, 'ttl');
    const protocol = textOption(given, 'protocol');
    const input = {
      ...(ttl === undefined ? {} : { ttlSeconds: durationSeconds(ttl, '--ttl') }),
      ...(protocol === undefined ? {} : { protocols: protocolsOf(protocol, '--protocol') }),
      ...(textOption(given, 'target') === undefined ? {} : { target: textOption(given, 'target') }),
    };
    const api = await context.api();
    const payload = await withFreshFactor(api, async (fresh) => {
      const { issueTemporaryToken } = await api.graphql<{
        issueTemporaryToken: PayloadErrors & { token: { id: string; expiresAt: string } | null; secret: string | null };
      }>(
        `mutation ($input: IssueTemporaryTokenInput!) { issueTemporaryToken(input: $input) {
          token { id expiresAt } secret errors { code message } } }`,
        { input: { ...input, ...fresh } },
      );
      return issueTemporaryToken;
    });
    refuseErrors(payload);
    if (payload.token === null || payload.secret === null) throw new Refused('the server made no token; try again');
    const { id, expiresAt } = payload.token;
    const { secret } = payload;
    context.one({ id, secret, expiresAt }, [secret]);
    context.note(`Token ${id} is valid until ${expiresAt}. It is shown this once; give it to your client as password.`);
  },
};

export const tokenList: Verb = {
  name: 'token list',
  usage: '',
  summary: 'my live temporary tokens',
  options: {},
  async run(context, given) {
    positionals(given);
    const api = await context.api();
    const tokens = everyNode<TokenNode>(async (after) => {
      const answer = await api.graphql<{ viewer: { tokens: Connection<TokenNode> } }>(
        `query ($after: String) { viewer { tokens(first: 100, after: $after) {
          edges { node { id issuedAt expiresAt protocols target { name } uses lastUsedAt } } ${pageInfo} } } }`,
        { after },
      );
      return answer.viewer.tokens;
    });
    const rows = [];
    for await (const token of tokens) {
      rows.push({ ...token, target: token.target?.name ?? null });
    }
    const columns = ['id', 'issuedAt', 'expiresAt', 'protocols', 'target', 'uses', 'lastUsedAt'];
    const plain = context.options.format === 'table';
    const shown = plain
      ? rows.map((row) => ({ ...row, protocols: row.protocols ?? 'any', target: row.target ?? 'any' }))
      : rows;
    context.list(shown, columns, 'No live token. `sallyport token create` makes one.');
  },
};

interface TokenNode {
  readonly id: string;
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly protocols: readonly string[] | null;
  readonly target: { readonly name: string } | null;
  readonly uses: number;
  readonly lastUsedAt: string | null;
}

export const tokenRevoke: Verb = {
  name: 'token revoke',
  usage: 'ID',
  summary: 'revoke a temporary token; its sessions end at once',
  options: {},
  async run(context, given) {
    const [id] = positionals(given, 'ID');
    const api = await context.api();
    const { revokeToken } = await api.graphql<{ revokeToken: PayloadErrors }>(
      'mutation ($input: RevokeTokenInput!) { revokeToken(input: $input) { id errors { code message } } }',
      { input: { id } },
    );
    refuseErrors(revokeToken);
    context.note(`Token ${String(id)} is revoked; its sessions end now.`);
  },
};
