import type { LiveSession } from '../../application/admission/door.ts';
import { DatabaseRefused, type DatabaseWish, type TargetDatabase } from '../../application/ports/target-database.ts';
import { visibleText } from '../../domain/kernel/visible-text.ts';
import { isDatabaseName } from '../../domain/policy/postgres-channels.ts';
import { withWalls } from './startup-parameters.ts';

/** So many names of open databases are told to the person. */
const mostNames = 20;
const longestShown = 64;

/**
 * Opens the database that a client asked for, on channel `channel`, when the entitlement does; without a name it is the one
 * named like the account, as the target would take it. Errors: those of `openDatabase`; `DatabaseRefused` with 3D000, as a
 * database answers for one that is not there, and then nothing has reached the target.
 */
export async function openWished(session: LiveSession, wish: DatabaseWish, channel: number): Promise<TargetDatabase> {
  const { account, channels } = session.authorized;
  const name = wish.database ?? account.username;
  const { databases } = channels.postgres;
  // The target would cut a longer name, and another database would be open than the one that was judged and noted.
  if (!isDatabaseName(name) || (databases.length > 0 && !databases.includes(name))) {
    const message = notOpen(name, databases);
    await session.channelRefused({ kind: 'database', name: shown(name) });
    await session.end('error', message);
    throw new DatabaseRefused('denied', 'database-not-open', message, '3D000', message);
  }
  // The target is told the name that was judged.
  const database = await session.openDatabase(withWalls({ ...wish, database: name }, channels.postgres));
  try {
    await session.channelOpened({ channel, kind: 'database', name, pty: false, recordOffset: null });
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function notOpen(name: string, databases: readonly string[]): string {
  const what = `database "${shown(name)}" is not open to this session`;
  if (databases.length === 0) return `${what}: no name of a database is longer than 63 bytes`;
  const open = databases.slice(0, mostNames).map((each) => `"${visibleText(each)}"`);
  return `${what}; name one of ${open.join(', ')}${databases.length > mostNames ? ' and others' : ''}`;
}

function shown(name: string): string {
  return visibleText(name).slice(0, longestShown);
}
