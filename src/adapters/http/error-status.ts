import { type ErrorKind, SallyportError } from '../../domain/kernel/errors.ts';
import { errorAnswer } from '../../wire/json-http.ts';

/** The one table from our kinds of errors to HTTP. */
const statusOf: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  denied: 403,
  absent: 404,
  conflict: 409,
  limit: 429,
  unavailable: 503,
  integrity: 500,
  internal: 500,
};

/** The answer for an error. What is not ours, and what is our fault, is told to the process log and not to the client. */
export function answerTo(error: unknown, onWarning: (message: string, error: unknown) => void): Response {
  if (error instanceof SallyportError && statusOf[error.kind] !== 500) {
    const answer = errorAnswer(statusOf[error.kind], { code: error.code, message: error.message });
    if (error.kind === 'limit' || error.kind === 'unavailable') {
      answer.headers.set('retry-after', String(error.retryAfterSeconds ?? 1));
    }
    return answer;
  }
  onWarning('a request failed by a fault of ours', error);
  return errorAnswer(500, {
    code: 'internal',
    message: 'Something went wrong inside Sallyport; the process log says what.',
  });
}
