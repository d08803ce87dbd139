import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import type { Refusal } from '../../application/ports/application-face.ts';
import type { OpenTerminal, TerminalWish } from '../../application/ports/terminal-face.ts';
import { builder } from './builder.ts';
import { RefusalRef } from './mutations.ts';
import { pageArgs } from './page-args.ts';
import { connection, pageSize } from './paging.ts';
import { UserRef } from './refs.ts';

const TerminalRef = builder.objectRef<OpenTerminal>('BrowserTerminal');
builder.objectType(TerminalRef, {
  description: 'A terminal in the browser that is open and may be attached to (docs/protocols/terminal.md).',
  authScopes: { self: true },
  fields: (t) => ({
    session: t.exposeID('sessionId', { description: 'For `openTerminal`.' }),
    target: t.exposeString('target'),
    account: t.exposeString('account'),
    openedAt: t.field({ type: 'DateTime', resolve: ({ openedAt }) => openedAt }),
    attached: t.exposeBoolean('attached', {
      description: 'Whether a page has it now, from which it would be taken over.',
    }),
  }),
});

const TerminalConnection = builder.connectionObject({ name: 'BrowserTerminalConnection', type: TerminalRef });

builder.objectField(UserRef, 'terminals', (t) =>
  t.field({
    type: TerminalConnection,
    description: 'Terminals in the browser that are open. Your own only.',
    authScopes: (user) => ({ self: user.id }),
    args: pageArgs(t),
    resolve: (_user, args, { application, viewer }) => {
      const size = pageSize(args);
      const after = args.after ?? null;
      // Ids rise with time.
      const rest = application.terminals(viewer).filter(({ sessionId }) => after === null || sessionId > after);
      return connection(rest.slice(0, size + 1), size, after, ({ sessionId }) => sessionId);
    },
  }),
);

interface Opened {
  readonly ticket: string | null;
  readonly expiresAt: string | null;
  readonly errors: readonly Refusal[];
}

const oneOf: Refusal = { code: 'invalid', message: 'Name a target or a session, and not both.' };
const tooLong: Refusal = { code: 'invalid', message: 'Target, account and reason have at most 1,000 characters.' };
const longest = 1_000;

builder.relayMutationField(
  'openTerminal',
  {
    inputFields: (t) => ({
      target: t.string({ description: 'Name of the target, for a new session.' }),
      account: t.string({ description: 'Absent: the only one that is open to you there.' }),
      reason: t.string({ description: 'Asked for in the terminal when it is needed and absent here.' }),
      session: t.id({ description: 'One of `viewer.terminals` instead, to attach to.' }),
    }),
  },
  {
    authScopes: { self: true },
    resolve: async (_root, { input }, { application, viewer }): Promise<Opened> => {
      const wish = wishOf(input);
      if ('code' in wish) return { ticket: null, expiresAt: null, errors: [wish] };
      const result = await application.openTerminal(viewer, wish);
      return result.ok
        ? { ticket: result.ticket, expiresAt: result.expiresAt, errors: [] }
        : { ticket: null, expiresAt: null, errors: result.errors };
    },
  },
  {
    outputFields: (t) => ({
      ticket: t.exposeString('ticket', {
        nullable: true,
        description: 'For one WebSocket, within 30 seconds; shown this once (docs/protocols/terminal.md).',
      }),
      expiresAt: t.field({ type: 'DateTime', nullable: true, resolve: ({ expiresAt }) => expiresAt }),
      errors: t.field({ type: [RefusalRef], resolve: ({ errors }) => errors }),
    }),
  },
);

function wishOf(input: {
  readonly target?: string | null | undefined;
  readonly account?: string | null | undefined;
  readonly reason?: string | null | undefined;
  readonly session?: string | null | undefined;
}): TerminalWish | Refusal {
  const { target = null, account = null, reason = null, session = null } = input;
  if ((target === null) === (session === null) || (session !== null && (account ?? reason) !== null)) return oneOf;
  if (session !== null) {
    return isStreamIdOf('session', session)
      ? { session }
      : { code: 'absent', message: `There is no session ${JSON.stringify(session.slice(0, 80))}.` };
  }
  if ([target, account, reason].some((text) => (text?.length ?? 0) > longest)) return tooLong;
  return { target: target ?? '', account, reason: reason ?? '' };
}
