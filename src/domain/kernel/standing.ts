/** How a provider sees somebody; `gone`: it was asked and knows them no more. */
export type IdentityStanding = 'active' | 'disabled' | 'expired' | 'locked' | 'must-change' | 'gone';

/** How it was learned: the provider was asked, it told us, or the person logged in there. */
export type LearnedBy = 'sync' | 'notice' | 'login';

/**
 * Whether what rests on an identity ends. A lock does not end it: failed tries of anybody bring one about. Nor does a
 * password that must be changed: it stands before the next login.
 */
export function hasLeft(standing: IdentityStanding | null): boolean {
  return standing === 'disabled' || standing === 'expired' || standing === 'gone';
}
