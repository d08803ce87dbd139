import type { MechanismName } from '../../domain/authentication/events.ts';
import type { FactorId } from '../../domain/kernel/ids.ts';
import type { Sealing } from '../../application/ports/sealing.ts';
import type { Destination } from './destination.ts';

export interface PendingMechanism {
  readonly id: string;
  readonly name: MechanismName;
}

/** A login attempt between two pages. */
export interface PendingAttempt {
  readonly kind: 'attempt';
  readonly purpose: 'login' | 'link' | 'fresh-factor';
  readonly authenticationId: string;
  /** Null: as the form of name and password has it. */
  readonly provider: string | null;
  /** Those of the challenge to be met now. */
  readonly mechanisms: readonly PendingMechanism[];
  /** What was begun, and its sealed round. */
  readonly begun: { readonly mechanismId: string; readonly round: string } | null;
  readonly destination: Destination;
  /** What a fresh factor is shown for. */
  readonly change?: FactorChange;
}

/** A change of factors that was asked for before a factor was shown. */
export type FactorChange =
  | { readonly to: 'totp' | 'webauthn'; readonly label: string }
  | { readonly to: 'recovery-codes' }
  | { readonly to: 'remove-factor'; readonly factor: FactorId };

/** What a browser keeps from one page to the next, and no other browser has (A5). */
export type Pending =
  | PendingAttempt
  | { readonly kind: 'shown'; readonly authenticationId: string; readonly change: FactorChange }
  | { readonly kind: 'new-password'; readonly authenticationId: string; readonly destination: Destination }
  | { readonly kind: 'reset'; readonly link: string };

const name = '__Host-sallyport-pending';
const purpose = 'pending-cookie';
/** An attempt lasts 5 minutes; choosing a password may take a little longer. */
const seconds = 600;
/** Browsers keep no cookie above 4,096 bytes. */
const most = 3_900;

// `None`: a SAML provider's page sends its answer here by POST, and with anything stricter the browser leaves it out. It
// proves no login; it says which attempt an answer belongs to.
const attributes = 'Path=/; Secure; HttpOnly; SameSite=None';

export const clearedPending = `${name}=; ${attributes}; Max-Age=0`;

/** Null when it does not fit into a cookie. */
export function pendingCookie(sealing: Sealing, pending: Pending): string | null {
  const value = sealing.seal(purpose, JSON.stringify({ ...pending, until: Date.now() + seconds * 1_000 }));
  return value.length > most ? null : `${name}=${value}; ${attributes}; Max-Age=${seconds}`;
}

/** What this browser has pending; null: nothing, or too long ago. Two cookies of the name are none. */
export function pendingOf(sealing: Sealing, request: Request): Pending | null {
  const values = (request.headers.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`));
  const [only] = values;
  const text = values.length === 1 && only !== undefined ? sealing.open(purpose, only.slice(name.length + 1)) : null;
  if (text === null) return null;
  // Sealed by us: it has the shape that we gave it.
  const { until, ...pending } = JSON.parse(text) as Pending & { readonly until: number };
  return until > Date.now() ? pending : null;
}

/** The attempt that this browser is in; null: none. */
export function attemptOf(sealing: Sealing, request: Request): PendingAttempt | null {
  const pending = pendingOf(sealing, request);
  return pending?.kind === 'attempt' ? pending : null;
}
