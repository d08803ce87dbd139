import type { ViewDefinition } from '../../../src/application/ports/views.ts';
import { activeKeys } from '../../../src/projections/active-keys/projection.ts';
import { activeLogins } from '../../../src/projections/active-logins/projection.ts';
import { activeTokens } from '../../../src/projections/active-tokens/projection.ts';
import { auditTrail } from '../../../src/projections/audit-trail/projection.ts';
import { directory } from '../../../src/projections/directory/projection.ts';
import { factors } from '../../../src/projections/factors/projection.ts';
import { favourites } from '../../../src/projections/favourites/projection.ts';
import { identities } from '../../../src/projections/identities/projection.ts';
import { liveSessions } from '../../../src/projections/live-sessions/projection.ts';
import { revocationList } from '../../../src/projections/revocation-list/projection.ts';
import { sessionHistory } from '../../../src/projections/session-history/projection.ts';
import { targetCatalogue } from '../../../src/projections/target-catalogue/projection.ts';

export const allViews: readonly ViewDefinition[] = [
  activeTokens,
  activeKeys,
  factors,
  favourites,
  activeLogins,
  identities,
  revocationList,
  directory,
  targetCatalogue,
  liveSessions,
  sessionHistory,
  auditTrail,
];
