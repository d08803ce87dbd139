import { canonicalJson } from '../../domain/kernel/canonical-json.ts';
import type { Protocol } from '../../domain/kernel/door.ts';
import type { IdentityId, PassId, UserId } from '../../domain/kernel/ids.ts';
import type { Claims } from '../../domain/policy/claims.ts';
import { dialect } from '../../domain/policy/cel.ts';
import {
  type AccessDecision,
  type Denial,
  evaluateAccess,
  type Grant,
  policyVersionInputs,
} from '../../domain/policy/evaluate.ts';
import type { CommandTools } from '../commands/run-command.ts';
import type { DirectoryRow, ReadModels } from '../ports/read-models.ts';
import { upToHead } from '../reading.ts';
import { claimsOf, digest, groupsOf } from './claims.ts';
import type { SessionCredential } from './authorized-session.ts';
import type { Destination } from './door.ts';
import { type LoginFacts, loginFacts } from './login-facts.ts';
import { findPlace, type Place, policySet } from './policy-state.ts';
import { credentialOf } from './session-credential.ts';

export interface DecideAccessTools {
  readonly tools: CommandTools;
  readonly views: Pick<ReadModels, 'directory' | 'identities' | 'targetCatalogue'>;
  /** Time zone of `claims.system.local`. */
  readonly zone: string;
}

export interface AccessWish {
  readonly passId: PassId;
  readonly userId: UserId;
  readonly protocol: Protocol;
  readonly destination: Destination;
  readonly source: string;
  /** What the person gave as a reason, by `reasonOf`; empty: none. */
  readonly reason: string;
}

export type DecidedAccess = {
  readonly user: DirectoryRow | undefined;
  /** What the login of the pass rests on; null: the local password, or nobody looked. */
  readonly identityId: IdentityId | null;
  readonly place: Place | null;
  /** Digest over what was looked at; null when no policy was. */
  readonly policyVersion: string | null;
  readonly claimsDigest: string;
  readonly dialect: string;
  /** Where the secret of the granted account is kept. */
  readonly credential: SessionCredential | null;
} & ({ readonly grant: Grant; readonly denial: null } | { readonly grant: null; readonly denial: DecidedDenial });

export interface DecidedDenial {
  readonly reason: Denial['reason'] | 'no-target-named' | 'unknown-target' | 'user-disabled' | 'identity-left';
  readonly detail: string;
  readonly candidates: readonly string[];
  /** For the person: see `Denial`. */
  readonly texts: readonly string[];
}

/**
 * May this person go there now? Reads views that hold at least everything that was durable at the call. The answer is
 * the same wherever it is asked: at admission, when something it rested on has changed, and for lists.
 */
export async function decideAccess(deps: DecideAccessTools, wish: AccessWish): Promise<DecidedAccess> {
  const { directory, identities, targetCatalogue } = deps.views;
  await upToHead(deps.tools.log, directory, identities, targetCatalogue);
  const user = directory.get(wish.userId);
  const login = await loginFacts(deps, wish.passId);
  const { identityId } = login;
  const denied = (reason: DecidedDenial['reason'], detail: string): DecidedAccess => {
    const nothing = { place: null, policyVersion: null, claimsDigest: '', dialect, credential: null, grant: null };
    return { user, identityId, ...nothing, denial: { reason, detail, candidates: [], texts: [] } };
  };
  if (user === undefined || user.disabled === 1 || user.removed === 1) {
    return denied('user-disabled', 'the person is disabled or removed');
  }
  if (login.left)
    return denied('identity-left', 'the identity of the login is not active at its provider, or unlinked');
  const targetName = wish.destination.target;
  if (targetName === null) return denied('no-target-named', 'no target was named');
  const place = findPlace(targetCatalogue, targetName);
  if (place === null) return denied('unknown-target', 'there is no target of that name');
  const claims = await currentClaims(deps, wish, user, login);
  const rules = policySet(targetCatalogue);
  const decision = evaluateAccess({
    ...place,
    claims,
    rules,
    protocol: wish.protocol,
    accountUsername: wish.destination.account,
  });
  const versions = [
    { id: place.target.id, version: targetCatalogue.get(place.target.id)?.version ?? 0 },
    ...policyVersionInputs(rules),
  ];
  const looked = {
    user,
    identityId,
    place,
    policyVersion: digest(canonicalJson(versions)),
    claimsDigest: digest(canonicalJson(claims)),
    dialect,
  };
  const credential = decision.allowed ? grantedCredential(targetCatalogue, place, decision.grant) : null;
  return { ...looked, credential, ...answer(decision) };
}

/** Null when there is none to log in with: then nothing opens. */
function grantedCredential(
  catalogue: ReadModels['targetCatalogue'],
  place: Place,
  grant: Grant,
): SessionCredential | null {
  const account = place.accounts.find(({ id }) => id === grant.account.id);
  return account === undefined ? null : credentialOf(catalogue, account.spec).credential;
}

/** What conditions and policies see of this person now. */
export async function currentClaims(
  deps: DecideAccessTools,
  wish: Pick<AccessWish, 'reason' | 'source' | 'protocol'>,
  user: DirectoryRow,
  login: LoginFacts,
): Promise<Claims> {
  return claimsOf({
    ...login,
    user,
    groups: groupsOf(deps.views.directory, user, login.groups),
    reason: wish.reason,
    source: wish.source,
    protocol: wish.protocol,
    at: await deps.tools.now(),
    zone: deps.zone,
  });
}

function answer(
  decision: AccessDecision,
): { readonly grant: Grant; readonly denial: null } | { readonly grant: null; readonly denial: DecidedDenial } {
  if (decision.allowed) return { grant: decision.grant, denial: null };
  const { reason, detail, candidates, texts } = decision.denial;
  return { grant: null, denial: { reason, detail, candidates: candidates.map(({ username }) => username), texts } };
}
