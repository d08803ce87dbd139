import { useDebouncedCallback } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { type Change, useApply } from '../../admin/use-apply.ts';
import { type AccountPlan, documentsOf, joined } from './documents.ts';
import { devicesOf, type KeyDraft, usernameOf } from './draft.ts';
import { type Problem, placedProblems } from './placed-problems.ts';
import { useAccountPlans } from './use-account-plans.ts';

/** What saving would do, as a dry run says. */
export interface Checked {
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
}

export interface ReviewState {
  readonly plans: readonly AccountPlan[];
  /** Null: it is being found out, or problems stand against it. */
  readonly checked: Checked | null;
  readonly problems: readonly Problem[];
  /** Finds out anew what the draft comes to. */
  readonly begin: (draft: KeyDraft) => Promise<void>;
  readonly changePlans: (draft: KeyDraft, plans: readonly AccountPlan[]) => void;
  /** What is altered is no problem any more, as far as the page knows. */
  readonly forgive: (change: Partial<KeyDraft>) => void;
  /** Whether it is saved; when not, the problems say why. */
  readonly save: (draft: KeyDraft) => Promise<boolean>;
}

const pauseMilliseconds = 300;

/** The registration as a dry run sees it, and the saving of it. */
export function useReview(): ReviewState {
  const apply = useApply();
  const plansFor = useAccountPlans();
  const [plans, setPlans] = useState<readonly AccountPlan[]>([]);
  const [checked, setChecked] = useState<Checked | null>(null);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  // An answer to what has been altered since counts no more.
  const newest = useRef(0);

  const run = async (draft: KeyDraft, wanted: readonly AccountPlan[], dryRun: boolean) => {
    const documents = documentsOf(draft, wanted);
    const { text, at } = joined(documents);
    const { errors, changes, warnings } = await apply({ documents: text, setSecrets: false }, dryRun);
    const without = withoutKey(draft);
    const found = [
      ...without,
      ...placedProblems(errors, documents, at).filter(({ field }) => field !== without[0]?.field),
      ...(dryRun ? changes.flatMap((change) => nameTaken(change, wanted)) : []),
    ];
    return { changes, warnings, found };
  };
  const check = async (draft: KeyDraft, wanted: readonly AccountPlan[]): Promise<void> => {
    newest.current += 1;
    const own = newest.current;
    setChecked(null);
    const { found, changes, warnings } = await run(draft, wanted, true);
    if (own !== newest.current) return;
    setProblems(found);
    setChecked(found.length === 0 ? { changes, warnings } : null);
  };
  const checkSoon = useDebouncedCallback(check, pauseMilliseconds);
  return {
    plans,
    checked,
    problems,
    begin: async (draft) => {
      newest.current += 1;
      const own = newest.current;
      setChecked(null);
      setProblems([]);
      const wanted = await plansFor(draft.name, usernameOf(draft), devicesOf(draft));
      if (own !== newest.current) return;
      setPlans(wanted);
      await check(draft, wanted);
    },
    changePlans: (draft, wanted) => {
      newest.current += 1;
      setChecked(null);
      setPlans(wanted);
      checkSoon(draft, wanted);
    },
    forgive: (change) => {
      setProblems((all) =>
        all.filter(({ field }) => !(field in change) && !(field === 'password' && 'privateKey' in change)),
      );
    },
    save: async (draft) => {
      const { found } = await run(draft, plans, false);
      setProblems(found);
      if (found.length > 0) setChecked(null);
      return found.length === 0;
    },
  };
}

/** The server says it only once nothing else is missing. */
function withoutKey({ source, privateKey }: KeyDraft): readonly Problem[] {
  if (source === 'made' || privateKey !== '') return [];
  const message = 'is missing; paste the whole file, or make a new key pair here';
  return [{ tab: 'key', field: 'privateKey', label: 'Private key', message }];
}

/** A registration makes things anew: it puts nothing in the place of what bears the name already. */
function nameTaken({ kind, name, before }: Change, plans: readonly AccountPlan[]): readonly Problem[] {
  if (before === null) return [];
  if (kind === 'SshKey') {
    const message = 'an SSH key of this name is registered already; give another name, or change that one';
    return [{ tab: 'information', field: 'name', label: 'Key name', message }];
  }
  if (plans.some((plan) => plan.standing !== null && plan.name === name)) return [];
  const message = 'an account of this name is there already; give another name';
  return [{ tab: 'review', field: '', label: `Account ${name}`, message }];
}
