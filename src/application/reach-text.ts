import type { ReachEntry } from './ports/my-access.ts';
import { folded } from './search-words.ts';

/** What an entry is searched by. */
export function reachText({ target, account, labels }: Pick<ReachEntry, 'target' | 'account' | 'labels'>): string {
  return searchedText(target, [account], labels);
}

/** What a target with these accounts is searched by. */
export function searchedText(target: string, accounts: readonly string[], labels: ReachEntry['labels']): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return folded([target, ...accounts, ...pairs].join('\n'));
}
