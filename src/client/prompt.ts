import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { Refused } from './errors.ts';

const byEnvironment = 'set SALLYPORT_USER and SALLYPORT_PASSWORD, or log in first with `sallyport login` at a terminal';

/** Asks on the terminal (standard error), without echo when `secret`. Without a terminal nothing is asked, and `otherwise` is said. */
export async function ask(question: string, secret: boolean, otherwise = byEnvironment): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new Refused(`${question.replace(/:\s*$/, '')} is needed and there is no terminal to ask at`, [otherwise]);
  }
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: secret ? silent : process.stderr, terminal: true });
  // From here on the terminal shows nothing by itself, however fast somebody types.
  process.stderr.write(question);
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.on('line', resolve);
      lines.on('SIGINT', () => reject(new Refused('interrupted; nothing was done')));
      lines.on('close', () => reject(new Refused('no answer; nothing was done')));
    });
  } finally {
    lines.close();
    if (secret) process.stderr.write('\n');
  }
}
