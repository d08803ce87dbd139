import type { ProcessLog } from '../ports/system.ts';
import type { TellProxy } from './session-life.ts';

/** A proxy is told its end once, and what goes wrong there keeps nobody else from being told or cut. */
export function tellSafely(processLog: ProcessLog, proxy: TellProxy): TellProxy {
  let ended = false;
  const safely = (what: string, tell: () => void): void => {
    try {
      tell();
    } catch (error) {
      processLog.error(`a proxy failed when it was told ${what}`, { error: String(error) });
    }
  };
  return {
    end: (reason, message) => {
      if (ended) return;
      ended = true;
      safely(`to end a session (${reason})`, () => proxy.end(reason, message));
    },
    notice: (message) => safely('a word for the person', () => proxy.notice(message)),
  };
}
