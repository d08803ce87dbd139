import { SallyportError } from '../../domain/kernel/errors.ts';
import { spokenDuration } from '../../domain/kernel/time.ts';

const second = 1_000;

function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / second));
}

/** What people are told whose network had too many failed logins; the same whoever they are. */
export function networkRefused(milliseconds: number): string {
  const rest = spokenDuration(wholeSeconds(milliseconds) * second);
  return `Too many logins from your network have failed. Nothing from there is looked at for ${rest} more; then try again.`;
}

export function tooManyFailures(milliseconds: number): SallyportError {
  const retryAfterSeconds = wholeSeconds(milliseconds);
  return new SallyportError('limit', 'too-many-failures', networkRefused(milliseconds), { retryAfterSeconds });
}

export function tooManyAtOnce(): SallyportError {
  return new SallyportError(
    'limit',
    'too-many-attempts',
    'Too many logins from your network are being checked at once; try again in a few seconds.',
  );
}
