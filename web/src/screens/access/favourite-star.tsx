import { ActionIcon } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useMutation } from 'urql';
import { type AccessEntry, SetFavourite } from './reach-queries.ts';

export interface FavouriteStarProps {
  readonly entry: AccessEntry;
  /** Tells a refusal; null when it was done. */
  readonly onDone: (problem: string | null) => void;
}

/** Marks an account as a favourite, or gives the mark up. */
export function FavouriteStar({ entry, onDone }: FavouriteStarProps): ReactNode {
  const [{ fetching }, run] = useMutation(SetFavourite);
  // What was pressed counts at once; the list follows.
  const [pressed, setPressed] = useState<boolean | null>(null);
  const { target, account } = entry;
  const favourite = pressed ?? entry.favourite;
  const mark = async (): Promise<void> => {
    setPressed(!favourite);
    const { data, error } = await run({ input: { target, account, favourite: !favourite } });
    setPressed(null);
    const problem = error?.message ?? data?.setFavourite.errors[0]?.message ?? null;
    onDone(problem);
  };
  return (
    <ActionIcon
      variant="subtle"
      color={favourite ? 'yellow.8' : 'gray'}
      aria-label={`Favourite: ${account} on ${target}`}
      aria-pressed={favourite}
      disabled={fetching}
      onClick={() => void mark()}
      fz="lg"
    >
      <span aria-hidden>{favourite ? '★' : '☆'}</span>
    </ActionIcon>
  );
}
