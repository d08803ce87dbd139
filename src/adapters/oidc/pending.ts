import { ProviderProblem } from './problem.ts';

/** What an answer is measured by (OpenID Connect Core 1.0 section 3.1.2.1, RFC 7636). */
export interface Pending {
  readonly provider: string;
  readonly issuer: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

const keys = ['provider', 'issuer', 'state', 'nonce', 'verifier'] as const;
const remembered = 10_000;

/** Errors: ProviderProblem when it was not begun at this provider. */
export function readPending(text: string, provider: string, issuer: string): Pending {
  const pending: unknown = parse(text);
  if (!isPending(pending))
    throw new ProviderProblem('untrusted', 'no login was begun that this could be the answer to');
  if (pending.provider !== provider || pending.issuer !== issuer) {
    throw new ProviderProblem('untrusted', 'the login was begun at another provider');
  }
  return pending;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isPending(value: unknown): value is Pending {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  return keys.every((key) => typeof fields[key] === 'string' && fields[key] !== '');
}

/**
 * Which states had an answer (or which notices were taken), the last 10,000 of this process: a second one is refused before anything is sent. Beyond
 * that, and after a restart, whoever keeps what is pending uses it once.
 */
export class Answered {
  readonly #states = new Set<string>();
  readonly #message: string;

  constructor(message = 'this login has had an answer before') {
    this.#message = message;
  }

  /** Errors: ProviderProblem when there was one before. */
  use(state: string): void {
    if (this.#states.has(state)) throw new ProviderProblem('untrusted', this.#message);
    this.#states.add(state);
    if (this.#states.size <= remembered) return;
    const [oldest] = this.#states;
    if (oldest !== undefined) this.#states.delete(oldest);
  }
}
