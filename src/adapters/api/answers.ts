import type { Refused } from '../../application/ports/application-face.ts';
import { SallyportError } from '../../domain/kernel/errors.ts';
import { errorAnswer } from '../../wire/json-http.ts';

/** 403 for `denied`, 404 for what is absent, else 422. */
export function refusal({ errors }: Refused): Response {
  const codes = errors.map(({ code }) => code);
  const absent = codes.includes('absent') || codes.includes('absent-kind');
  const status = codes.includes('denied') ? 403 : absent ? 404 : 422;
  return errorAnswer(status, ...errors);
}

export function invalid(message: string): SallyportError {
  return new SallyportError('invalid', 'invalid', message);
}
