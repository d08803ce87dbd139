import { frontendType } from './frontend.ts';
import type { MessageRules } from './framing.ts';
import { headerBytes } from './reader.ts';

const longestMessage = 64 * 1024 * 1024;
/** What PostgreSQL allows for messages that carry no statement and no value, and we for all before the login. */
const longestSmall = 10_000;

type Name = keyof typeof frontendType;

/** Until somebody is logged in: answers to what was asked, and the end. */
export const loginRules = rules({ authentication: longestSmall, terminate: headerBytes });

/** After the login. COPY data passes in pieces; all else is handed out whole. */
export const openRules = rules({
  query: longestMessage,
  parse: longestMessage,
  bind: longestMessage,
  functionCall: longestMessage,
  copyData: longestMessage,
  describe: longestSmall,
  close: longestSmall,
  execute: longestSmall,
  copyFail: longestSmall,
  sync: headerBytes,
  flush: headerBytes,
  copyDone: headerBytes,
  terminate: headerBytes,
});

function rules(sizes: Partial<Record<Name, number>>): MessageRules {
  const longest = new Uint32Array(256);
  for (const [name, size] of Object.entries(sizes)) longest[frontendType[name as Name]] = size;
  const whole = longest.slice();
  whole[frontendType.copyData] = 0;
  return { longest, whole };
}
