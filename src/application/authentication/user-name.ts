import type { UserId } from '../../domain/kernel/ids.ts';
import type { CommandTools } from '../commands/run-command.ts';

/** The login name as it was given when the user was made; sealed in the log, opened on read. */
export async function userNameOf(
  { tools }: { readonly tools: Pick<CommandTools, 'log'> },
  userId: UserId,
): Promise<string> {
  const created = (await tools.log.readStream(userId)).find((event) => event.type === 'UserCreated');
  const name = (created?.data as { name?: unknown } | undefined)?.name;
  return typeof name === 'string' ? name : '(shredded)';
}
