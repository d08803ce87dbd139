import { expect } from 'vitest';
import { exploreEvents, noRight } from './auditor-events.ts';
import { download, playSession, readStatements } from './auditor-player.ts';
import { findSessions, watchLive } from './auditor-sessions.ts';
import type { Left } from './person-day.ts';
import { complaintsOf, logInAs } from './visit.ts';
import type { World } from './world.ts';

/** The day of otto, who looks at what ann did. */
export async function auditorDay(world: World, { token, session }: Left): Promise<void> {
  const otto = await logInAs(world, 'otto');
  await findSessions(otto);
  await watchLive(otto, token);
  await playSession(otto, session);
  await download(otto);
  await readStatements(otto);
  await exploreEvents(otto);
  await noRight(otto);
  expect(complaintsOf(otto)).toEqual([]);
}
