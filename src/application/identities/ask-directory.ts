import { identityDecider } from '../../domain/identity/decider.ts';
import type { IdentityId } from '../../domain/kernel/ids.ts';
import { type CommandTools, runCommand } from '../commands/run-command.ts';
import type { DirectoryProvider } from '../ports/identity-providers.ts';
import { knownIdentity } from './known-identity.ts';

/** A provider promises an answer within 5 s; one that breaks its word must not stop everybody else from being asked. */
const answerMilliseconds = 10_000;

/** What one person's directory said; `nobody`: there is nothing to ask it by. */
export type Asked = 'seen' | 'missed' | 'nobody';

/**
 * Asks how somebody is seen now and writes it down; `mayMiss` says whether an answer that knows them no more is one to
 * act on. Rejects when the directory could not be asked: then nothing is known and nothing changes.
 */
export async function askDirectory(
  tools: CommandTools,
  directory: DirectoryProvider,
  identityId: IdentityId,
  mayMiss: () => Promise<boolean>,
): Promise<Asked> {
  const known = await knownIdentity(tools.log, identityId);
  // Of somebody shredded nothing is left to ask by; their removal has unlinked what they had.
  if (typeof known?.subject !== 'string') return 'nobody';
  // The moment of asking orders reports: what was learned while this was on its way is newer.
  const at = await tools.now();
  const fact = await inTime(directory.find(known.subject));
  const context = {
    actor: { kind: 'system' as const, nodeId: null },
    correlationId: tools.ids.uuid(),
    causationId: null,
  };
  if (fact === null) {
    if (await mayMiss())
      await runCommand(tools, identityDecider, identityId, context, { type: 'miss', at, by: 'sync' });
    return 'missed';
  }
  if (fact.subject !== known.subject) throw new Error('the directory answered with somebody else');
  const { username, email, groups, attributes, standing } = fact;
  const seen = { username, email, groups, attributes, standing, at, by: 'sync' as const };
  await runCommand(tools, identityDecider, identityId, context, { type: 'observe', seen });
  return 'seen';
}

/** Errors: those of `answer`; one of its own for none. */
export async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the provider did not answer in time')), answerMilliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
