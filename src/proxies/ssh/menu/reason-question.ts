import type { Prompter } from '../../../application/ports/target-terminal.ts';
import { reasonOf } from '../../../domain/policy/reason.ts';
import { printable } from '../../kit/goodbye.ts';
import type { Chosen } from './choices.ts';

/** Asks a person why they want what they chose; `asks` says which reason is wanted. Empty: they gave none. */
export async function askReason(prompter: Prompter, { target, account }: Chosen, asks: string): Promise<string> {
  const text = `reason for ${printable(account)} on ${printable(target)} (${asks}):`;
  const answers = await prompter.ask({ name: 'sallyport', instruction: '', prompts: [{ text, echo: true }] });
  return reasonOf(answers?.[0] ?? '');
}
