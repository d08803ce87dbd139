import { SallyportError } from '../../domain/kernel/errors.ts';

export type FormFields<Name extends string> = Readonly<Record<Name, string>>;

/**
 * The fields of a form: each known one as a text, empty when it is not there. Errors: kind `invalid` for an unknown or
 * doubled field, a text that is too long, and what is no UTF-8.
 */
export async function formFields<Name extends string>(
  request: Request,
  known: Readonly<Record<Name, number>>,
): Promise<FormFields<Name>> {
  const text = utf8(await request.arrayBuffer());
  // A broken escape would be read as U+FFFD, and two wrong passwords as the same one.
  if (!isWellEscaped(text)) throw invalid();
  const given = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (given.has(name) || !Object.hasOwn(known, name)) throw invalid();
    given.set(name, value);
  }
  const fields = (Object.entries(known) as [Name, number][]).map(([name, longest]) => {
    const value = given.get(name) ?? '';
    if (value.length > longest) throw invalid();
    return [name, value] as const;
  });
  return Object.fromEntries(fields) as Record<Name, string>;
}

function utf8(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw invalid();
  }
}

function isWellEscaped(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function invalid(): SallyportError {
  return new SallyportError('invalid', 'invalid', 'The form that was sent is not one of ours; load the page again.');
}
