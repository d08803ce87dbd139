import { AuthorizationResponseError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client';
import { ProviderProblem } from './problem.ts';

const lateWords = ['server_error', 'temporarily_unavailable'];
const clientWords = ['invalid_client', 'unauthorized_client'];

/** What went wrong in openid-client, in our words. The bodies and claims its errors hold go no further. */
export function problemFrom(error: unknown): ProviderProblem {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof ProviderProblem) return at;
  }
  if (error instanceof AuthorizationResponseError) {
    const word = wordOf(error.error);
    return new ProviderProblem(
      lateWords.includes(word) ? 'unavailable' : 'wrong-answer',
      `the provider answered ${word}`,
    );
  }
  if (error instanceof ResponseBodyError) return fromBody(wordOf(error.error));
  if (error instanceof WWWAuthenticateChallengeError) return notOurs(`HTTP ${error.status}`);
  return new ProviderProblem('untrusted', `what the provider sent proves nothing: ${said(error)}`);
}

function fromBody(word: string): ProviderProblem {
  if (clientWords.includes(word)) return notOurs(word);
  if (lateWords.includes(word)) return new ProviderProblem('unavailable', `the provider answered ${word}`);
  return new ProviderProblem('untrusted', `the provider does not take the code (${word})`);
}

function notOurs(word: string): ProviderProblem {
  const message = `the provider refuses this client (${word}): an administrator checks spec.clientId and spec.clientSecret`;
  return new ProviderProblem('unavailable', message);
}

/** The messages of these two kinds are fixed texts; what was found stands in their causes. */
function said(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code } = at as NodeJS.ErrnoException;
    if (code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED') {
      return 'the id token has expired or is not valid yet: an administrator checks both clocks';
    }
    if (code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED' && attributeOf(at.cause) === 'issuer') {
      return 'it names another issuer than it must: an administrator checks spec.issuer';
    }
    if (at.name === 'OperationProcessingError' || at.name === 'UnsupportedOperationError') return at.message;
  }
  return 'it could not be understood';
}

/** Which member of a JSON body was not as it must be. */
function attributeOf(cause: unknown): unknown {
  return typeof cause === 'object' && cause !== null && 'attribute' in cause ? cause.attribute : undefined;
}

/** Error words are a provider's, or whoever's made the address: only what looks like one is repeated. */
function wordOf(word: string): string {
  return /^[a-z_]{1,40}$/.test(word) ? word : 'an error of no known kind';
}
