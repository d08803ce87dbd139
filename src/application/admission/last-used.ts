import type { AccountId, UserId } from '../../domain/kernel/ids.ts';
import type { ReadModels } from '../ports/read-models.ts';

/** Sessions of a person that say what they used last. */
const newestSessions = 500;

/** When a person last opened a session on each account, the newest first; by their newest sessions. */
export function lastUsed(
  { sessionHistory }: Pick<ReadModels, 'sessionHistory'>,
  userId: UserId,
): ReadonlyMap<AccountId, string> {
  const query = { where: { userId }, orderBy: 'startedAt', descending: true, limit: newestSessions } as const;
  const used = new Map<AccountId, string>();
  for (const { accountId, startedAt } of sessionHistory.find(query)) {
    if (!used.has(accountId)) used.set(accountId, startedAt);
  }
  return used;
}
