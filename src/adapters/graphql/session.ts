import { personalText } from '../../domain/kernel/personal.ts';
import type { SessionOpened } from '../../domain/session/events.ts';
import type { SessionHistoryRow } from '../../application/ports/read-models.ts';
import { builder } from './builder.ts';
import { type GraphqlContext, has, mayReadOf } from './context.ts';
import { sessionEvents } from './event-pages.ts';
import { targetOf, userOf } from './lookups.ts';
import { freshen } from './paging.ts';
import { pageArgs } from './page-args.ts';
import { AccountRef, EventConnection, ProtocolRef, SessionRef, TargetRef, UserRef } from './refs.ts';

const RecordingRef = builder.objectRef<SessionHistoryRow>('SessionRecording');

function maySee(context: GraphqlContext, row: SessionHistoryRow): boolean {
  return mayReadOf(context, row.userId) || (row.endedAt === null && has(context, 'operate'));
}

/** The session with this id as far as the viewer may see it; null when absent or not theirs. */
export async function sessionOf(context: GraphqlContext, id: string): Promise<SessionHistoryRow | null> {
  const { sessionHistory } = context.application.views;
  await freshen(context, sessionHistory);
  const row = sessionHistory.get(id);
  return row !== undefined && maySee(context, row) ? row : null;
}

builder.objectType(RecordingRef, {
  authScopes: { self: true, auditor: true },
  fields: (t) => ({
    duty: t.exposeString('recording', { description: 'required, strict, preferred or off.' }),
    chunks: t.exposeInt('chunks'),
    bytes: t.field({ type: 'Count', resolve: (row) => row.recordedBytes }),
  }),
});

/** One for all rows, so that it is decided once for a request. */
const seen = { self: true, auditor: true, admin: true } as const;

const unknownBytes = 'Null when the node that counted them was lost.';

// No `builder.node`: its `id` is a promise, which makes one of each row; nor is each field asked whether the row may be seen.
builder.objectType(SessionRef, {
  interfaces: [builder.nodeInterfaceRef()],
  runScopesOnType: true,
  description: 'One person on one account of one target.',
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'sessionId' in value && 'startedAt' in value,
  authScopes: (row, context) => (maySee(context, row) ? seen : { ...seen, self: row.userId }),
  fields: (t) => ({
    id: t.exposeID('sessionId'),
    user: t.field({ type: UserRef, resolve: ({ userId }, _args, context) => userOf(context, userId) }),
    target: t.field({
      type: TargetRef,
      resolve: (row, _args, context) => targetOf(context, row.targetId, row.targetName),
    }),
    account: t.field({
      type: AccountRef,
      resolve: ({ accountId: id, accountName: name }, _args, { application }) => ({
        id,
        name,
        row: application.views.targetCatalogue.get(id),
      }),
    }),
    protocol: t.field({ type: ProtocolRef, resolve: (row) => row.protocol }),
    passId: t.exposeID('passId', { description: 'The token, key or web login it was opened with.' }),
    entitlementId: t.exposeID('entitlementId'),
    source: t.exposeString('source'),
    client: t.exposeString('client', { nullable: true }),
    groupId: t.exposeID('groupId', {
      description:
        'The first of the sessions that one tool has open side by side; the session itself when it is alone.',
    }),
    reason: t.string({
      description: 'What the person gave as a reason, when a condition asked for one.',
      nullable: true,
      // Personal: no view holds it, the log opens it.
      resolve: async ({ sessionId }, _args, { application }) => {
        const [first] = await application.log.readStream(sessionId, { after: null, limit: 1 });
        if (first?.type !== 'SessionOpened') return null;
        const { reason } = first.data as SessionOpened['data'];
        return reason === null ? null : personalText(reason);
      },
    }),
    startedAt: t.field({ type: 'DateTime', resolve: (row) => row.startedAt }),
    endedAt: t.field({ type: 'DateTime', nullable: true, resolve: (row) => row.endedAt }),
    endReason: t.exposeString('endReason', { nullable: true }),
    endMessage: t.exposeString('endMessage', { nullable: true }),
    bytesReceived: t.field({
      type: 'Count',
      nullable: true,
      description: unknownBytes,
      resolve: (row) => row.bytesReceived,
    }),
    bytesSent: t.field({ type: 'Count', nullable: true, description: unknownBytes, resolve: (row) => row.bytesSent }),
    recording: t.field({ type: RecordingRef, resolve: (row) => row }),
    events: t.field({
      type: EventConnection,
      args: pageArgs(t),
      description: 'What was stored in the stream of this session.',
      authScopes: (row) => ({ self: row.userId, auditor: true }),
      resolve: async ({ sessionId }, args, context) => sessionEvents(context, sessionId, args),
    }),
  }),
});
