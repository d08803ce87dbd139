import type { NodeId } from '../../domain/kernel/ids.ts';
import { sessionDecider } from '../../domain/session/decider.ts';
import { type CommandTools, StreamWriter } from '../commands/run-command.ts';
import type { LiveSessionRow, ReadModels } from '../ports/read-models.ts';
import { everyRow, upToHead } from '../reading.ts';

/** Closes by an event each session that an earlier boot of this node left open. Run before the doors open. */
export async function closeOrphans(
  tools: CommandTools,
  views: Pick<ReadModels, 'liveSessions'>,
  node: { readonly nodeId: NodeId; readonly bootId: string },
): Promise<number> {
  await upToHead(tools.log, views.liveSessions);
  const orphans = everyRow<LiveSessionRow>(views.liveSessions, 'sessionId', { where: { nodeId: node.nodeId } }).filter(
    (row) => row.bootId !== node.bootId,
  );
  const correlationId = tools.ids.uuid();
  for (const { sessionId } of orphans) {
    const context = { actor: { kind: 'system' as const, nodeId: node.nodeId }, correlationId, causationId: null };
    await new StreamWriter(tools, sessionDecider, sessionId).run(context, {
      type: 'end',
      reason: 'node-lost',
      message: null,
      bytesReceived: null,
      bytesSent: null,
    });
  }
  return orphans.length;
}
