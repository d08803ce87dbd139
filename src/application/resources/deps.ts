import { SallyportError } from '../../domain/kernel/errors.ts';
import type { Actor } from '../../domain/kernel/event.ts';
import type { NodeId } from '../../domain/kernel/ids.ts';
import type { CommandContext, CommandTools } from '../commands/run-command.ts';
import type { Viewer } from '../ports/application-face.ts';
import type { KeyPairs } from '../ports/key-pairs.ts';
import type { Passwords } from '../ports/passwords.ts';
import type { ProviderChecks } from '../ports/provider-checks.ts';
import type { ReadModels } from '../ports/read-models.ts';
import type { NameKeys } from '../ports/system.ts';
import type { Vault } from '../ports/vault.ts';
import type { Yaml } from '../ports/yaml.ts';

/** What resources need of the outside world. */
export interface ResourceDeps {
  readonly tools: CommandTools;
  readonly views: Pick<ReadModels, 'directory' | 'factors' | 'identities' | 'targetCatalogue'>;
  /** Time zone of `claims.system.local`. */
  readonly zone: string;
  readonly nameKeys: NameKeys;
  readonly vault: Vault;
  readonly passwords: Passwords;
  readonly keyPairs: KeyPairs;
  readonly yaml: Yaml;
  readonly providerChecks: ProviderChecks;
}

/** Who asks: a person with a login, or the installation itself (its first admin, its demo). */
export type ResourceViewer =
  | Pick<Viewer, 'userId' | 'userName' | 'loginId' | 'permissions' | 'roles'>
  | { readonly system: NodeId | null };

function actorOf(viewer: ResourceViewer): Actor {
  return 'system' in viewer ? { kind: 'system', nodeId: viewer.system } : { kind: 'user', userId: viewer.userId };
}

/** One correlation id for everything that follows from this wish. */
export function newContext(deps: ResourceDeps, viewer: ResourceViewer): CommandContext {
  return { actor: actorOf(viewer), correlationId: deps.tools.ids.uuid(), causationId: null };
}

/**
 * Writing needs `administer` on everything: a role narrowed to labels could otherwise reach out of them, for example
 * by an account of its own with a credential from outside. Errors: kind `denied`, code `not-permitted`.
 */
export function mustAdminister(viewer: ResourceViewer): void {
  if ('system' in viewer || viewer.permissions.includes('administer')) return;
  throw denied('applying and deleting resources needs a role with the permission administer, not narrowed by a scope');
}

export function denied(message: string): SallyportError {
  return new SallyportError('denied', 'not-permitted', `${message}; ask an administrator`);
}

const turns = new WeakMap<object, Promise<unknown>>();

/** One apply or delete after the other in this process: each plans on what the one before left. */
export async function inResourceTurn<T>(deps: ResourceDeps, work: () => Promise<T>): Promise<T> {
  const before = turns.get(deps.tools.log) ?? Promise.resolve();
  const turn = before.then(work, work);
  turns.set(
    deps.tools.log,
    turn.catch(() => undefined),
  );
  return turn;
}
