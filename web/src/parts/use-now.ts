import { useEffect, useState } from 'react';
import { serverNow } from '../graphql/server-clock.ts';

/** The server's time, in milliseconds, anew each second or as seldom as is told. */
export function useNow(everyMilliseconds = 1_000): number {
  const [now, setNow] = useState(serverNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), everyMilliseconds);
    return () => clearInterval(timer);
  }, [everyMilliseconds]);
  return now;
}
