import { authenticationEvents } from '../domain/authentication/events.ts';
import { credentialEvents, sshKeyEvents } from '../domain/credential/events.ts';
import { factorEvents } from '../domain/factor/events.ts';
import { favouritesEvents } from '../domain/favourites/events.ts';
import { grantEvents } from '../domain/grant/events.ts';
import { guessingEvents } from '../domain/guessing/events.ts';
import { identityEvents } from '../domain/identity/events.ts';
import { keyEvents } from '../domain/key/events.ts';
import { loginEvents } from '../domain/login/events.ts';
import { nameEvents } from '../domain/name/events.ts';
import { nodeEvents } from '../domain/node/events.ts';
import {
  conditionEvents,
  entitlementEvents,
  factorProviderEvents,
  policyEvents,
  roleEvents,
} from '../domain/policy/events.ts';
import { identityProviderEvents } from '../domain/provider/events.ts';
import { sessionEvents } from '../domain/session/events.ts';
import { accountEvents, targetEvents } from '../domain/target/events.ts';
import { tokenEvents } from '../domain/token/events.ts';
import { groupEvents, userEvents } from '../domain/user/events.ts';
import type { EventCatalogue } from './ports/event-log.ts';

/** Every event type of the house. Type names are unique over all aggregates, which a test holds. */
export const eventCatalogue: EventCatalogue = {
  ...accountEvents,
  ...authenticationEvents,
  ...conditionEvents,
  ...credentialEvents,
  ...entitlementEvents,
  ...factorEvents,
  ...factorProviderEvents,
  ...favouritesEvents,
  ...grantEvents,
  ...groupEvents,
  ...guessingEvents,
  ...identityEvents,
  ...identityProviderEvents,
  ...keyEvents,
  ...loginEvents,
  ...nameEvents,
  ...nodeEvents,
  ...policyEvents,
  ...roleEvents,
  ...sessionEvents,
  ...sshKeyEvents,
  ...targetEvents,
  ...tokenEvents,
  ...userEvents,
};
