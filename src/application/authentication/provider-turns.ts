import { SallyportError } from '../../domain/kernel/errors.ts';

interface Lane {
  running: number;
  readonly waiting: (() => void)[];
}

/** Each may hold a connection, for as long as a provider takes to answer, which is 5 s at the most. */
const mostAtOnce = 32;
const mostWaiting = 256;
/** A provider that answers has freed many turns by then; with one that does not, nobody waits for nothing. */
const patienceMilliseconds = 400;

const lanes = new Map<string, Lane>();

/**
 * Runs `work`, which asks a provider about a login, when it is its turn: a provider that is slow must not let a crowd
 * pile up connections here. Asking who still stands there (sync) does not wait behind logins. Errors: kind `limit` when
 * no turn comes; then the provider was not asked.
 */
export async function inProviderTurn<T>(provider: string, work: () => Promise<T>): Promise<T> {
  const lane = lanes.get(provider) ?? { running: 0, waiting: [] };
  lanes.set(provider, lane);
  if (lane.running < mostAtOnce) lane.running += 1;
  else await turnOf(provider, lane);
  try {
    return await work();
  } finally {
    const next = lane.waiting.shift();
    if (next !== undefined) next();
    else lane.running -= 1;
    if (lane.running === 0) lanes.delete(provider);
  }
}

/** Resolves when the turn of somebody who has ended was handed on. */
async function turnOf(provider: string, lane: Lane): Promise<void> {
  if (lane.waiting.length >= mostWaiting) throw crowded(provider);
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const go = (): void => resolve(undefined);
  lane.waiting.push(go);
  const timer = setTimeout(() => {
    const at = lane.waiting.indexOf(go);
    if (at === -1) return;
    lane.waiting.splice(at, 1);
    reject(crowded(provider));
  }, patienceMilliseconds);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
  }
}

function crowded(provider: string): SallyportError {
  return new SallyportError(
    'limit',
    'provider-crowded',
    `the identity provider ${provider} is slow, and too many logins wait for its answer; try again in a few seconds`,
    { retryAfterSeconds: 5 },
  );
}
