import { setFavourite } from '../application/commands/favourites.ts';
import { type MyReachTools, reachPage, recentReach } from '../application/commands/my-reach.ts';
import type { MyAccess } from '../application/ports/my-access.ts';

/** "My access" as the HTTP faces see it. */
export function myAccessOf(deps: MyReachTools): MyAccess {
  return {
    reachPage: (viewer, wish) => reachPage(deps, viewer, wish),
    recentReach: (viewer, wish) => recentReach(deps, viewer, wish),
    setFavourite: (viewer, wish) => setFavourite(deps, viewer, wish),
  };
}
