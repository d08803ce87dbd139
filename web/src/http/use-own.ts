import { useCallback, useEffect, useState } from 'react';
import { ask } from './own.ts';

/** What a GET gave: `value` is the last that was got, `problem` why there is none newer. */
export interface Got<T> {
  readonly value: T | null;
  readonly problem: string | null;
  readonly again: () => void;
}

/** Gets it now, and whenever `again` is called. */
export function useOwn<T>(path: string): Got<T> {
  const [got, setGot] = useState<Omit<Got<T>, 'again'>>({ value: null, problem: null });
  const again = useCallback(() => {
    void ask<T>('GET', path, null).then((answer) => {
      setGot(({ value }) => (answer.ok ? { value: answer.value, problem: null } : { value, problem: answer.message }));
    });
  }, [path]);
  useEffect(again, [again]);
  return { ...got, again };
}
