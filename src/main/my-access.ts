import { setFavourite } from '../application/commands/favourites.ts';
import { type MyReachTools, reachPage, recentReach } from '../application/commands/my-reach.ts';
import { sshKeysInReach } from '../application/commands/my-keys.ts';
import { tokenTerms, type TokenTermsTools } from '../application/commands/token-terms.ts';
import type { MyAccess } from '../application/ports/my-access.ts';

/** "My access" as the HTTP faces see it. */
export function myAccessOf(deps: MyReachTools & TokenTermsTools): MyAccess {
  return {
    reachPage: (viewer, wish) => reachPage(deps, viewer, wish),
    recentReach: (viewer, wish) => recentReach(deps, viewer, wish),
    sshKeys: (viewer, wish) => sshKeysInReach(deps, viewer, wish),
    tokenTerms: (viewer) => tokenTerms(deps, viewer),
    serverTime: () => deps.tools.now(),
    setFavourite: (viewer, wish) => setFavourite(deps, viewer, wish),
  };
}
