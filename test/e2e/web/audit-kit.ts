import { launch } from '../../kit/process.ts';
import { until } from '../../kit/until.ts';
import { type Product, sshCommand, type Token } from '../product.ts';

/** Somebody at a shell by ssh, whose session is recorded. */
export interface AtShell {
  /** Types, and waits until the terminal shows something more. */
  type(keys: string, sees: string): Promise<void>;
  /** Logs out, and waits for the end of ssh. */
  exit(): Promise<void>;
  stop(): Promise<void>;
  said(): string;
}

/** A plain bash on a terminal of the target `box`. */
export async function atShell(product: Product, { secret }: Token): Promise<AtShell> {
  const { command, env } = sshCommand(product, 'admin~box', secret);
  const shell = 'exec env TERM=xterm PS1="ready> " HISTFILE= bash --norc -i';
  const words = [...command.slice(0, 2), '-tt', ...command.slice(2), shell];
  const client = launch('sshpass', words, { env, keepInput: true });
  const type = async (keys: string, sees: string): Promise<void> => {
    const from = client.stdout().length;
    client.child.stdin?.write(keys);
    await until(() => client.stdout().slice(from).includes(sees), { what: `${sees} after ${keys}` });
  };
  await type('', 'ready> ');
  return {
    type,
    exit: async () => {
      client.child.stdin?.write('exit\r');
      await client.exited;
    },
    stop: async () => {
      await client.stop();
    },
    said: () => client.stdout() + client.stderr(),
  };
}

/**
 * Runs in the page: tells `focusUnseen` of everything that got the focus by a key and has no outline, nor what is drawn for it.
 * Fields to type into show it by their border.
 */
export const watchFocus = `document.addEventListener('focusin', ({ target }) => {
  if (!target.matches(':focus-visible') || target.matches('input:not([type=checkbox]), select, textarea')) return;
  const isSeen = (element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return outlineStyle !== 'none' && outlineWidth !== '0px';
  };
  const drawn = [target, target.parentElement, target.nextElementSibling].filter((element) => element !== null);
  if (!drawn.some(isSeen)) void window.focusUnseen(target.outerHTML.slice(0, 200));
});`;
