import { SallyportError } from '../../domain/kernel/errors.ts';
import type { AuthenticationAnswer } from '../../application/ports/login-face.ts';
import { jsonObject } from '../../wire/json-http.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The JSON of a signature by a security key is the longest text that is typed or made by a browser. */
const longestText = 16_384;

/** The body of a login request. Errors: kind `invalid`. */
export async function fieldsOf(request: Request, known: readonly string[]): Promise<Fields> {
  const fields = await jsonObject(request);
  if (fields === undefined) throw invalid('The body is no JSON object in UTF-8.');
  const strange = Object.keys(fields).find((name) => !known.includes(name));
  if (strange !== undefined)
    throw invalid(`There is no field ${JSON.stringify(strange.slice(0, 40))}; known: ${known.join(', ')}.`);
  return fields;
}

export function text(fields: Fields, name: string, longest: number): string {
  const value = fields[name];
  if (typeof value === 'string' && value.length <= longest) return value;
  throw invalid(`\`${name}\` must be a text of at most ${longest} characters.`);
}

export function textOrNull(fields: Fields, name: string, longest: number): string | null {
  return fields[name] === undefined || fields[name] === null ? null : text(fields, name, longest);
}

/** False when it is absent. */
export function flag(fields: Fields, name: string): boolean {
  const value = fields[name] ?? false;
  if (typeof value === 'boolean') return value;
  throw invalid(`\`${name}\` must be true or false.`);
}

/** A text, or what a browser brought back from a provider: the whole address, and the fields of a form. */
export function answerOf(fields: Fields): AuthenticationAnswer['answer'] {
  const { answer } = fields;
  if (typeof answer !== 'object' || answer === null) return text(fields, 'answer', longestText);
  const { url, fields: form = {} } = answer as { readonly url?: unknown; readonly fields?: unknown };
  const isForm = typeof form === 'object' && form !== null && !Array.isArray(form);
  if (typeof url !== 'string' || !isForm || !Object.values(form).every((value) => typeof value === 'string')) {
    throw invalid('`answer` must be a text, or {url, fields} with the address and the form that the provider sent.');
  }
  return { url, fields: form as Readonly<Record<string, string>> };
}

/** How the login is given: `cli` as a bearer in the answer, `web` as a cookie. */
export function door(fields: Fields): 'web' | 'cli' {
  const value = fields.door ?? 'web';
  if (value === 'web' || value === 'cli') return value;
  throw invalid('`door` must be "web" or "cli".');
}

/** What a fresh factor is shown for. */
export function freshFor(fields: Fields): 'pass' | 'factors' {
  const value = fields.for ?? 'pass';
  if (value === 'pass' || value === 'factors') return value;
  throw invalid('`for` must be "pass" or "factors".');
}

function invalid(message: string): SallyportError {
  return new SallyportError('invalid', 'invalid', message);
}
