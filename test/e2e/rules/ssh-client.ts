import { startTerminal } from '../../kit/pty.ts';
import { type Product, sshCommand } from '../product.ts';
import { pages } from './pages.ts';
import type { Visit } from './visit.ts';

/** A real client that has no token: the page it names is the door, and its session is the end. */
export async function sshClient(product: Product, name: string): Promise<Visit> {
  const { command } = sshCommand(product, `${name}~box`, '', ['-o', 'PreferredAuthentications=keyboard-interactive']);
  const terminal = startTerminal('ssh', [...command.slice(2), 'echo', 'you are in'], {
    columns: 160,
    rows: 24,
    env: { PATH: process.env.PATH ?? '', TERM: 'dumb' },
  });
  await terminal.shows('Temporary token as password: ');
  terminal.type('\r');
  await terminal.shows(/press Enter here: $/);
  const code = /user_code=([A-Z]{4}-[A-Z]{4})/.exec(terminal.output())?.[1] ?? '';
  const browser = pages(product, name, code);
  return {
    ...browser,
    isIn: async () => {
      await browser.form('/auth/device', { code, answer: 'confirm' });
      const from = terminal.output().length;
      terminal.type('\r');
      // Asked again, or sent away when it was confirmed as somebody else.
      const waits = terminal.shows('Not confirmed yet', from).then(() => false);
      const ends = terminal.exited.then(() => terminal.output().slice(from).includes('you are in'));
      return Promise.race([waits, ends]);
    },
  };
}
