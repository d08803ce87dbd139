import type { Prompter } from '../../application/ports/target-terminal.ts';
import { reasonOf } from '../../domain/policy/reason.ts';
import { printable } from '../kit/goodbye.ts';

/** Asks a person why they want to go to `place`; `asks` says which reason is wanted. Empty: they gave none. */
export async function askReason(prompter: Prompter, place: string, asks: string): Promise<string> {
  const text = `reason for ${printable(place)} (${printable(asks)}):`;
  const answers = await prompter.ask({ name: 'sallyport', instruction: '', prompts: [{ text, echo: true }] });
  return reasonOf(answers?.[0] ?? '');
}
