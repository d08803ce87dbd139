import { type Connection, everyNode, pageInfo } from '../api.ts';
import type { Context } from '../context.ts';
import { Refused } from '../errors.ts';
import { cell, type Printable } from '../format.ts';
import { positionals, textOption, type Verb } from '../verb.ts';
import { refuseErrors } from './token.ts';

interface SessionNode {
  readonly id: string;
  readonly groupId: string;
  readonly user: { readonly name: string } | null;
  readonly target: { readonly name: string } | null;
  readonly account: { readonly name: string } | null;
  readonly protocol: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly endReason: string | null;
  readonly bytesReceived: number | null;
  readonly bytesSent: number | null;
}

const fields = `id groupId user { name } target { name } account { name } protocol startedAt endedAt endReason
  bytesReceived bytesSent`;

/** The form of CONTRACT section 2: names, not ids. */
function shown(node: SessionNode): Printable {
  return {
    id: node.id,
    user: node.user?.name ?? null,
    target: node.target?.name ?? null,
    account: node.account?.name ?? null,
    protocol: node.protocol,
    startedAt: node.startedAt,
    endedAt: node.endedAt,
    endReason: node.endReason,
    bytesReceived: node.bytesReceived,
    bytesSent: node.bytesSent,
  };
}

/** What one tool had open side by side stands together, the later ones set in under the first. */
function together(nodes: readonly SessionNode[]): readonly Printable[] {
  return [...Map.groupBy(nodes, (node) => node.groupId).values()].flatMap((group) =>
    group.map((node, place) => ({ ...shown(node), id: place === 0 ? node.id : `  ${node.id}` })),
  );
}

export const sessionsList: Verb = {
  name: 'sessions list',
  usage: '',
  summary: "sessions, oldest first: mine, or everybody's for auditors",
  options: {
    live: { type: 'boolean', help: 'only those that are open now' },
    user: { type: 'string', help: 'only of this person' },
    target: { type: 'string', help: 'only to this target' },
  },
  async run(context, given) {
    positionals(given);
    const api = await context.api();
    const filter = {
      ...(given.options.live === true ? { live: true } : {}),
      ...(textOption(given, 'user') === undefined ? {} : { user: textOption(given, 'user') }),
      ...(textOption(given, 'target') === undefined ? {} : { target: textOption(given, 'target') }),
    };
    const nodes = everyNode<SessionNode>(async (after) => {
      const answer = await api.graphql<{ sessions: Connection<SessionNode> }>(
        `query ($filter: SessionFilter, $after: String) { sessions(filter: $filter, first: 50, after: $after) {
          edges { node { ${fields} } } ${pageInfo} } }`,
        { filter, after },
      );
      return answer.sessions;
    });
    const found: SessionNode[] = [];
    for await (const node of nodes) found.push(node);
    const columns = ['id', 'user', 'target', 'account', 'protocol', 'startedAt', 'endedAt', 'endReason'];
    context.list(found.map(shown), columns, 'No session yet.', together(found));
  },
};

/** What is shown of one session beyond what a list says. */
interface WholeSession extends SessionNode {
  readonly reason: string | null;
}

async function sessionOf(context: Context, id: string): Promise<WholeSession> {
  const api = await context.api();
  const { session } = await api.graphql<{ session: WholeSession | null }>(
    `query ($id: ID!) { session(id: $id) { ${fields} reason } }`,
    { id },
  );
  if (session === null)
    throw new Refused(`there is no session ${id} that you may see; \`sallyport sessions list\` shows them`);
  return session;
}

export const sessionsShow: Verb = {
  name: 'sessions show',
  usage: 'ID',
  summary: 'one session, its end, and the reason the person gave when one was asked for',
  options: {},
  async run(context, given) {
    const [id] = positionals(given, 'ID');
    const node = await sessionOf(context, String(id));
    const session = {
      ...shown(node),
      ...(node.groupId === node.id ? {} : { group: node.groupId }),
      ...(node.reason === null ? {} : { reason: node.reason }),
    };
    context.one(
      session,
      Object.entries(session).map(([key, value]) => `${key}: ${cell(value)}`),
    );
  },
};

export const sessionsKill: Verb = {
  name: 'sessions kill',
  usage: 'ID',
  summary: 'end a live session',
  options: { message: { type: 'string', help: 'a word to the person, shown at the end' } },
  async run(context, given) {
    const [id] = positionals(given, 'ID');
    const api = await context.api();
    const message = textOption(given, 'message');
    const { endSession } = await api.graphql<{ endSession: { errors: readonly { code: string; message: string }[] } }>(
      'mutation ($input: EndSessionInput!) { endSession(input: $input) { id errors { code message } } }',
      { input: { id, ...(message === undefined ? {} : { message }) } },
    );
    refuseErrors(endSession);
    context.note(`Session ${String(id)} is ended.`);
  },
};
