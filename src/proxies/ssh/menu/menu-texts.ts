import { longestReason } from '../../../domain/policy/reason.ts';

/** What a menu says when it ends or is shown again: what happened, and what to do. */

export const tooMany = 'that was the last of the choices of one connection; connect again';
export const nothing =
  'nothing is open to you here now; an administrator gives access by an entitlement, and `sallyport ls` shows yours';
export const notListed = 'what is open to you could not be listed; try again later, or name a target: user~TARGET';
export const noReason = `no reason was given: it takes one line of at most ${longestReason} characters, without secrets`;
