import { startTerminal } from '../../kit/pty.ts';
import { makeTempDir } from '../../kit/temp-dir.ts';
import type { Product } from '../product.ts';

/** `sallyport login --user` before a person, who types these answers; whether it says that they are in. */
export async function typed(product: Product, name: string, answers: readonly string[]): Promise<boolean> {
  const home = makeTempDir();
  try {
    const { command, args } = product.cliCommand(['login', '--user', name, '--provider', 'local']);
    const env = { PATH: process.env.PATH ?? '', HOME: home.path };
    const terminal = startTerminal(command, args, { columns: 160, rows: 24, env });
    let from = 0;
    for (const answer of answers) {
      await terminal.shows(/(Password|[Rr]ecovery code): $/, from);
      from = terminal.output().length;
      terminal.type(`${answer}\r`);
    }
    // A new password is asked for where the old one must be changed; nobody gives one.
    const asked = terminal.shows(/New password: $/).then(() => terminal.type('\u0003'));
    const { code } = await Promise.race([terminal.exited, asked.then(() => terminal.exited)]);
    return code === 0 && terminal.output().includes(`Logged in as ${name}`);
  } finally {
    home.remove();
  }
}
