import { runCommand } from '../../../src/application/commands/run-command.ts';
import { identityIdOf } from '../../../src/application/identities/identity-id.ts';
import { identityDecider } from '../../../src/domain/identity/decider.ts';
import { type IdentityId, type LoginId, streamId, type TokenId, type UserId } from '../../../src/domain/kernel/ids.ts';
import type { LearnedBy } from '../../../src/domain/kernel/standing.ts';
import { loginDecider } from '../../../src/domain/login/decider.ts';
import { tokenDecider } from '../../../src/domain/token/decider.ts';
import type { IdentityFact } from '../../../src/application/ports/identity-providers.ts';
import type { NodeRig } from '../admission/node-rig.ts';

const context = (node: NodeRig) => ({
  actor: { kind: 'system' as const, nodeId: null },
  correlationId: node.tools.ids.uuid(),
  causationId: null,
});

function accepted<R extends { readonly ok: boolean }>(result: R): R {
  if (!result.ok) throw new Error(JSON.stringify(result));
  return result;
}

/** An identity of a provider that is somebody's. */
export async function linked(
  node: NodeRig,
  userId: UserId,
  subject = 'subject-1',
  provider = 'corp',
): Promise<IdentityId> {
  const identityId = identityIdOf(node.custody.nameKeys, provider, subject);
  const command = { type: 'link-by-administrator', identityId, userId, provider, subject } as const;
  accepted(await runCommand(node.tools, identityDecider, identityId, context(node), command));
  return identityId;
}

/** What its provider says of it now. */
export async function observed(
  node: NodeRig,
  identityId: IdentityId,
  fact: Partial<Pick<IdentityFact, 'groups' | 'attributes' | 'standing'>>,
  by: LearnedBy = 'sync',
): Promise<void> {
  const seen = { username: 'alice', email: null, groups: [], attributes: {}, standing: 'active' as const, ...fact, by };
  accepted(
    await runCommand(node.tools, identityDecider, identityId, context(node), (at) => ({
      type: 'observe' as const,
      seen: { ...seen, at },
    })),
  );
}

export async function unlinked(node: NodeRig, identityId: IdentityId, userId: UserId): Promise<void> {
  const command = { type: 'unlink', userId, by: 'owner' } as const;
  accepted(await runCommand(node.tools, identityDecider, identityId, context(node), command));
}

/** A login that rests on an identity, or on the local password; its bearer too. */
export async function loggedIn(
  node: NodeRig,
  userId: UserId,
  identityId: IdentityId | null,
): Promise<{ readonly loginId: LoginId; readonly secret: string }> {
  const loginId = streamId('login', node.tools.ids.uuid());
  const { secret } = await node.custody.loginProofs.issue(loginId, '2099-01-01T00:00:00.000Z');
  const login = {
    userId,
    authenticationId: streamId('authentication', node.tools.ids.uuid()),
    door: 'cli' as const,
    source: '127.0.0.1',
    factors: [identityId === null ? 'UP' : 'IDP'],
    provider: identityId === null ? 'local' : 'corp',
    identityId,
    idleMilliseconds: 3_600_000,
  };
  accepted(
    await runCommand(node.tools, loginDecider, loginId, context(node), (at) => ({
      type: 'open' as const,
      login,
      ttlMilliseconds: 8 * 3_600_000,
      at,
    })),
  );
  return { loginId, secret };
}

/** A token that was made in a login. */
export async function tokenOf(node: NodeRig, userId: UserId, loginId: LoginId): Promise<TokenId> {
  const tokenId = streamId('token', node.tools.ids.uuid());
  const token = { userId, loginId, scope: { protocols: null, targetId: null } };
  accepted(
    await runCommand(node.tools, tokenDecider, tokenId, context(node), (at) => ({
      type: 'issue' as const,
      token,
      ttlMilliseconds: 3_600_000,
      at,
    })),
  );
  return tokenId;
}
