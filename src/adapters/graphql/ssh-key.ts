import type { SshKeyInReach } from '../../application/ports/my-access.ts';
import { reachText } from '../../application/reach-text.ts';
import { searching } from '../../application/search-words.ts';
import { builder } from './builder.ts';
import { decidedPage } from './cost.ts';
import { pageArgs, searchText } from './page-args.ts';
import { connection, pageSize, pageWith } from './paging.ts';
import { ReachConnection, UserRef } from './refs.ts';

const SshKeyRef = builder.objectRef<SshKeyInReach>('SshKey');
const SshKeyConnection = builder.connectionObject({ name: 'SshKeyConnection', type: SshKeyRef });

builder.objectType(SshKeyRef, {
  description:
    'A registered SSH key, by which accounts that you may know of are logged in to. Its private half never leaves custody.',
  authScopes: { self: true },
  fields: (t) => ({
    id: t.exposeID('id'),
    name: t.exposeString('name'),
    labels: t.field({ type: 'JSON', resolve: ({ labels }) => labels }),
    username: t.exposeString('username'),
    publicKey: t.exposeString('publicKey', { description: 'One line in OpenSSH’s form.' }),
    owner: t.exposeString('owner', { nullable: true }),
    status: t.exposeString('status', { description: 'active or inactive; an inactive key opens nothing.' }),
    mainTargetId: t.exposeID('mainTargetId', { nullable: true }),
    devices: t.field({
      type: ReachConnection,
      description:
        'The accounts that use it, on targets that you may know of. A session on one needs the rights useCredential, accessTarget and startSession: `reason` says which is missing.',
      args: {
        search: t.arg.string({ defaultValue: '', description: 'Words in the target’s name, the account or a label.' }),
        ...pageArgs(t),
      },
      resolve: ({ devices }, { search, ...page }) => {
        const after = page.after ?? null;
        const fits = searching(searchText(search));
        const found = devices.filter((device) => fits(reachText(device)));
        const rest = after === null ? found : found.slice(found.findIndex(({ accountId }) => accountId === after) + 1);
        return connection(rest, pageSize(page), after, ({ accountId }) => accountId);
      },
    }),
  }),
});

builder.objectFields(UserRef, (t) => ({
  sshKeys: t.field({
    type: SshKeyConnection,
    complexity: decidedPage,
    description: 'Registered SSH keys that this person may know of, by name. Your own only.',
    args: {
      search: t.arg.string({ defaultValue: '', description: 'Words in the name, username, labels or devices.' }),
      name: t.arg.string({ description: 'Only the key of exactly this name.' }),
      ...pageArgs(t),
    },
    authScopes: (user) => ({ self: user.id }),
    resolve: async (_user, { search, name, ...page }, { application, viewer }) => {
      const after = page.after ?? null;
      const wish = { search: searchText(search), name: name ?? null, first: pageSize(page), after };
      const { keys, more } = await application.sshKeys(viewer, wish);
      return pageWith(keys, more, after, ({ name }) => name);
    },
  }),
}));
