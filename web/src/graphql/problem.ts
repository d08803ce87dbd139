import type { CombinedError } from '@urql/core';

/** What went wrong, for a person: `denied` is a matter of roles, everything else may be tried again. */
export interface Problem {
  readonly kind: 'denied' | 'unreachable' | 'refused';
  readonly message: string;
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** Of an answer that is no answer: the server was not reached, or it refused the whole question. */
export function problemOf(error: CombinedError): Problem {
  if (error.networkError !== undefined) {
    const status = (error.response as Response | undefined)?.status;
    return status === undefined
      ? { kind: 'unreachable', message: 'The server does not answer. Check your connection, then try again.' }
      : { kind: status === 403 ? 'denied' : 'refused', message: statusText(status) };
  }
  const denied = error.graphQLErrors.some(({ extensions }) => extensions.code === 'denied');
  const message = error.graphQLErrors.map((one) => one.message).join(' ');
  return { kind: denied ? 'denied' : 'refused', message };
}

function statusText(status: number): string {
  if (status === 403) return 'Your roles do not permit this.';
  if (status === 429) return 'Too many requests are open; close other windows of this page, then try again.';
  if (status === 503) return 'The server can not use its log at the moment, so nothing was done. Try again in a while.';
  return `The server refused the request (${status}). Load the page again.`;
}

/** Reasons of a mutation that was refused, in one text; null when it was not. */
export function refusalText(errors: readonly Refusal[]): string | null {
  return errors.length === 0 ? null : errors.map(({ message }) => message).join('\n');
}
