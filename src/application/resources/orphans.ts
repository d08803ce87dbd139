import type { Position, StoredEvent } from '../../domain/kernel/event.ts';
import { categoryOf, type StreamId } from '../../domain/kernel/ids.ts';
import { millisecondsBetween } from '../../domain/kernel/time.ts';
import { nameDecider } from '../../domain/name/decider.ts';
import type { NameEvent } from '../../domain/name/events.ts';
import { runCommand } from '../commands/run-command.ts';
import { upToHead } from '../reading.ts';
import { newContext, type ResourceDeps } from './deps.ts';
import { kindRules } from './kind-rules.ts';
import type { Kind } from './kinds.ts';
import { secretPrefix } from './secrets.ts';
import { everyStanding } from './state.ts';

/** Younger reservations and secrets may belong to an apply that runs in another process right now. */
const graceMilliseconds = 300_000;

/**
 * For the start: frees names whose holder was never made or is gone (an apply or delete that a crash cut off), and
 * destroys secrets that nothing names. What is younger than five minutes is left for the next start.
 */
export async function releaseOrphans(
  deps: ResourceDeps,
): Promise<{ readonly names: number; readonly secrets: number }> {
  await upToHead(deps.tools.log, deps.views.directory, deps.views.targetCatalogue);
  return { names: await releaseNames(deps), secrets: await destroySecrets(deps) };
}

async function releaseNames(deps: ResourceDeps): Promise<number> {
  const now = await deps.tools.now();
  const context = newContext(deps, { system: null });
  let released = 0;
  for (const [stream, event] of await heldNames(deps)) {
    if (event.type !== 'NameReserved' || millisecondsBetween(event.metadata.at, now) < graceMilliseconds) continue;
    const { holder } = event.data as Extract<NameEvent, { type: 'NameReserved' }>['data'];
    const reason = await whyFree(deps, holder);
    if (reason === null) continue;
    const result = await runCommand(deps.tools, nameDecider, stream, context, { type: 'release', holder, reason });
    if (result.ok && result.position !== null) released += 1;
  }
  return released;
}

/** The newest event of every name. */
async function heldNames(deps: ResourceDeps): Promise<ReadonlyMap<StreamId, StoredEvent>> {
  const newest = new Map<StreamId, StoredEvent>();
  let after: Position | null = null;
  for (;;) {
    const page: readonly StoredEvent[] = await deps.tools.log.readAll({
      after,
      limit: 1_000,
      filter: { categories: ['name'] },
    });
    for (const event of page) {
      if (event.type === 'NameReserved') newest.set(event.stream, event);
      else newest.delete(event.stream);
    }
    const last = page.at(-1);
    if (last === undefined) return newest;
    after = last.position;
  }
}

/** Why the holder of a name needs it no more; null: it stands. */
async function whyFree(deps: ResourceDeps, holder: StreamId): Promise<'removed' | 'orphaned' | null> {
  const category = categoryOf(holder);
  if (category === 'user' || category === 'group' || category === 'role') {
    const row = deps.views.directory.get(holder);
    if (row !== undefined) return row.removed === 1 ? 'removed' : null;
  } else {
    const row = deps.views.targetCatalogue.get(holder);
    if (row !== undefined) return row.withdrawn === 1 ? 'removed' : null;
  }
  return (await deps.tools.log.readStream(holder)).length === 0 ? 'orphaned' : null;
}

async function destroySecrets(deps: ResourceDeps): Promise<number> {
  const now = await deps.tools.now();
  let destroyed = 0;
  for (const [kind, prefix] of Object.entries(secretPrefix)) {
    const sealed = await deps.vault.list(prefix);
    if (sealed.length === 0) continue;
    const named = new Set(everyStanding(deps, kind as Kind).map((each) => kindRules[kind as Kind].secretOf(each.spec)));
    for (const secretId of sealed) {
      if (named.has(secretId) || Date.parse(now) - madeAt(secretId.slice(prefix.length)) < graceMilliseconds) continue;
      await deps.vault.destroy(secretId);
      destroyed += 1;
    }
  }
  return destroyed;
}

/** A uuid of version 7 begins with its time in milliseconds (RFC 9562 section 5.7). */
function madeAt(uuid: string): number {
  return Number.parseInt(uuid.replaceAll('-', '').slice(0, 12), 16);
}
