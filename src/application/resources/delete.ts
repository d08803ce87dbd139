import { SallyportError } from '../../domain/kernel/errors.ts';
import { streamId } from '../../domain/kernel/ids.ts';
import { nameDecider } from '../../domain/name/decider.ts';
import { isBuiltInRole } from '../../domain/policy/permissions.ts';
import { runCommand } from '../commands/run-command.ts';
import { upToHead } from '../reading.ts';
import { inResourceTurn, mustAdminister, newContext, type ResourceDeps, type ResourceViewer } from './deps.ts';
import { nameKeyOf } from './identities.ts';
import { kindRules } from './kind-rules.ts';
import type { Kind } from './kinds.ts';
import type { StandingUser } from './kinds/user.ts';
import { isLastAdministrator, lastAdministrator } from './lockout.ts';
import { referrersOf } from './referrers.ts';
import { readState } from './state.ts';

export type Deleted =
  | { readonly ok: true; readonly kind: Kind; readonly name: string }
  | {
      readonly ok: false;
      readonly code: 'absent' | 'referred-to' | 'built-in' | 'last-administrator';
      readonly message: string;
    };

/**
 * Removes a resource, frees its name and destroys its secret. Refused while others refer to it, which the message
 * lists. Resolves once the views show it. Errors: `denied`, `unavailable`.
 */
export async function deleteResource(
  deps: ResourceDeps,
  viewer: ResourceViewer,
  kind: Kind,
  name: string,
): Promise<Deleted> {
  mustAdminister(viewer);
  return inResourceTurn(deps, async () => {
    const state = await readState(deps);
    const standing = state.find(kind, name.normalize('NFC'));
    const who = `${kind} ${JSON.stringify(name)}`;
    if (standing === null) return no('absent', `there is no ${who}; nothing was deleted`);
    if (kind === 'Role' && isBuiltInRole(name)) return no('built-in', `${who} is built in and stays`);
    if (kind === 'User' && isLastAdministrator(deps, standing.id, standing.spec as StandingUser)) {
      return no('last-administrator', `deleting ${who} ${lastAdministrator}`);
    }
    const others = ((await referrersOf(deps, [standing])).get(standing) ?? []).map(
      (other) => `${other.kind} ${JSON.stringify(other.name)}`,
    );
    if (others.length > 0) {
      const more = others.length > 10 ? ` and ${others.length - 10} more` : '';
      return no(
        'referred-to',
        `${who} is named by ${others.slice(0, 10).join(', ')}${more}; alter or delete these first`,
      );
    }
    const context = newContext(deps, viewer);
    const rules = kindRules[kind];
    const removed = await rules.remove(deps.tools, standing.id, context);
    if (!removed.ok)
      throw new SallyportError('conflict', 'delete-cut-short', `${who}: ${removed.rejection.message}; try again`);
    const stream = streamId('name', nameKeyOf(deps, kind, standing.name));
    await runCommand(deps.tools, nameDecider, stream, context, {
      type: 'release',
      holder: standing.id,
      reason: 'removed',
    });
    const secretId = rules.secretOf(standing.spec);
    if (secretId !== null) await deps.vault.destroy(secretId);
    await upToHead(deps.tools.log, deps.views.directory, deps.views.targetCatalogue);
    return { ok: true, kind, name: standing.name };
  });
}

function no(code: Extract<Deleted, { ok: false }>['code'], message: string): Deleted {
  return { ok: false, code, message };
}
