import type { Reachable } from '../../../application/admission/door.ts';
import { folded, searching } from '../../../application/search-words.ts';
import { visibleText } from '../../../domain/kernel/visible-text.ts';

/** One account to choose; `note` says what the person should know of it, and may be empty. */
export interface AccountChoice {
  readonly account: string;
  readonly shown: string;
  readonly note: string;
  /** The reason that is asked for, as visible text; null: none is. */
  readonly asks: string | null;
}

/** One target to choose, with the accounts on it. `shown…` is visible text, the rest is what is asked for. */
export interface Choice {
  readonly target: string;
  readonly shown: string;
  readonly shownAccounts: string;
  readonly shownLabels: string;
  readonly note: string;
  readonly accounts: readonly AccountChoice[];
  /** What a search looks through, in lower case. */
  readonly haystack: string;
}

/** What the person chose. */
export interface Chosen {
  readonly target: string;
  readonly account: string;
}

/** `web-2` before `web-10`, the same wherever this runs. */
const byName = new Intl.Collator('en', { numeric: true });

/** The targets in the order of the menu: what is open first, the most recently used before, then by name. */
export function choicesOf(reachable: readonly Reachable[]): readonly Choice[] {
  return [...Map.groupBy(reachable, ({ target }) => target).values()]
    .map((accounts) => ({ accounts: accounts.toSorted(byUse((each) => each.account)) }))
    .map(({ accounts }) => ({ accounts, best: accounts[0] }))
    .filter((each): each is { accounts: Reachable[]; best: Reachable } => each.best !== undefined)
    .toSorted((a, b) => byUse((each) => each.target)(a.best, b.best))
    .map(({ accounts, best }) => choiceOf(accounts, best));
}

/** Those that hold every word of the search, in target, account or label; the order stays. */
export function matching(choices: readonly Choice[], search: string): readonly Choice[] {
  const fits = searching(search);
  return choices.filter(({ haystack }) => fits(haystack));
}

/** The reason that a choice asks for; null: none. */
export function asksOf(choices: readonly Choice[], chosen: Chosen): string | null {
  const choice = choices.find(({ target }) => target === chosen.target);
  return choice?.accounts.find(({ account }) => account === chosen.account)?.asks ?? null;
}

function choiceOf(reachable: readonly Reachable[], best: Reachable): Choice {
  const { target } = best;
  const labels = Object.entries(best.labels).map(([key, value]) => `${key}=${value}`);
  const accounts = reachable.map((each) => ({
    account: each.account,
    shown: visibleText(each.account),
    note: noteOf(each),
    asks: each.asks === null ? null : visibleText(each.asks),
  }));
  return {
    target,
    shown: visibleText(target),
    shownAccounts: accounts.map(({ shown }) => shown).join(', '),
    shownLabels: visibleText(labels.join(' ')),
    note: accounts[0]?.note ?? '',
    accounts,
    haystack: folded([target, ...reachable.map(({ account }) => account), ...labels].join('\n')),
  };
}

function noteOf({ reason, recording, lastUsedAt }: Reachable): string {
  if (reason !== null) return visibleText(reason);
  const parts = [
    lastUsedAt === null ? '' : `last ${lastUsedAt.slice(0, 10)}`,
    recording === 'off' ? 'not recorded' : '',
  ];
  return parts.filter(Boolean).join(', ');
}

/** Nothing stands against it but what the person can do here. */
function canOpen({ reason, asks }: Reachable): boolean {
  return reason === null || asks !== null;
}

function byUse(nameOf: (each: Reachable) => string): (a: Reachable, b: Reachable) => number {
  return (a, b) => {
    if (canOpen(a) !== canOpen(b)) return canOpen(a) ? -1 : 1;
    const [used, other] = [a.lastUsedAt ?? '', b.lastUsedAt ?? ''];
    if (used !== other) return used > other ? -1 : 1;
    return byName.compare(nameOf(a), nameOf(b));
  };
}
