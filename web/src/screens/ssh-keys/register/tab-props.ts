import type { KeyDraft } from './draft.ts';

/** What each tab of the registration is given. */
export interface TabProps {
  readonly draft: KeyDraft;
  readonly onChange: (change: Partial<KeyDraft>) => void;
  /** What is wrong with an input, by its name; undefined: nothing is known to be. */
  readonly problemOf: (field: string) => string | undefined;
}
