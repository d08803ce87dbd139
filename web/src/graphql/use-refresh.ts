import { useEffect, useRef } from 'react';
import type { UseQueryExecute } from 'urql';
import { unattended } from './unattended.ts';

const pauseMilliseconds = 10_000;

const byItself = { fetchOptions: { headers: { accept: 'application/json', ...unattended } } };

/** Asks again every 10 seconds while the page is looked at; a person who only looks is idle all the same. */
export function useRefresh(again: UseQueryExecute): void {
  const ask = useRef(again);
  useEffect(() => {
    ask.current = again;
  });
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) ask.current({ requestPolicy: 'network-only', ...byItself });
    }, pauseMilliseconds);
    return () => clearInterval(timer);
  }, []);
}
