/** How a provider sees somebody; `gone`: it was asked and knows them no more. */
export type IdentityStanding = 'active' | 'disabled' | 'expired' | 'locked' | 'must-change' | 'gone';
