import type { EventLog } from '../application/ports/event-log.ts';
import type { ReadModels } from '../application/ports/read-models.ts';
import type { ViewStores } from '../application/ports/view-store.ts';
import type { Row, ViewDefinition } from '../application/ports/views.ts';
import { activeKeys } from './active-keys/projection.ts';
import { activeLogins } from './active-logins/projection.ts';
import { activeTokens } from './active-tokens/projection.ts';
import { auditTrail } from './audit-trail/projection.ts';
import { directory } from './directory/projection.ts';
import { factors } from './factors/projection.ts';
import { favourites } from './favourites/projection.ts';
import { identities } from './identities/projection.ts';
import { type OnWarning, type Projector, startProjector } from './kit/projector.ts';
import { liveSessions } from './live-sessions/projection.ts';
import { revocationList } from './revocation-list/projection.ts';
import { sessionHistory } from './session-history/projection.ts';
import { targetCatalogue } from './target-catalogue/projection.ts';

export interface OpenedViews extends ReadModels {
  /** Resolves once every view has applied all that the log holds now. */
  caughtUp(): Promise<void>;
  /** Stops following the log, keeps the checkpoints and closes the files. */
  close(): Promise<void>;
}

/**
 * Opens every view and lets it follow the log from its checkpoint. Readers are served at once by what was kept; a view
 * that is built for the first time throws `view-unavailable` until it is built: wait for `caughtUp` before opening doors.
 */
export async function openViews(options: {
  readonly log: EventLog;
  readonly stores: ViewStores;
  readonly onWarning: OnWarning;
}): Promise<OpenedViews> {
  const started: { readonly caughtUp: Projector<Row>['caughtUp']; readonly close: () => Promise<void> }[] = [];
  const start = async <R extends Row>(definition: ViewDefinition<R>): Promise<Projector<R>> => {
    const projector = await startProjector(definition, options);
    started.push(projector);
    return projector;
  };
  const close = async (): Promise<void> => {
    await Promise.all(started.map((projector) => projector.close()));
  };
  try {
    return {
      activeTokens: await start(activeTokens),
      activeKeys: await start(activeKeys),
      factors: await start(factors),
      favourites: await start(favourites),
      activeLogins: await start(activeLogins),
      identities: await start(identities),
      revocationList: await start(revocationList),
      directory: await start(directory),
      targetCatalogue: await start(targetCatalogue),
      liveSessions: await start(liveSessions),
      sessionHistory: await start(sessionHistory),
      auditTrail: await start(auditTrail),
      caughtUp: async () => {
        const head = await options.log.head();
        await Promise.all(started.map((projector) => projector.caughtUp(head)));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
