import { identityDecider } from '../../domain/identity/decider.ts';
import type { IdentityId } from '../../domain/kernel/ids.ts';
import { type CommandTools, runCommand } from '../commands/run-command.ts';
import type { RedirectProvider } from '../ports/identity-providers.ts';
import { type Asked, inTime } from './ask-directory.ts';
import type { GrantNumber, KeptGrants } from './kept-grants.ts';
import { knownIdentity } from './known-identity.ts';

export interface AskProviderTools {
  readonly tools: CommandTools;
  readonly grants: KeptGrants;
}

/** An answer that proves nothing of this one person; it says nothing of the next one. */
export class NotProven extends Error {
  override readonly name = 'NotProven';
}

/**
 * Asks a provider of OpenID Connect how somebody is seen now, by what their login left, and writes it down. A provider that
 * takes none of it any more knows the person no more. Rejects when it could not be asked or its answer proves nothing: then
 * nothing changes but what to ask by.
 */
export async function askProvider(
  { tools, grants }: AskProviderTools,
  ask: NonNullable<RedirectProvider['ask']>,
  identityId: IdentityId,
): Promise<Asked> {
  const known = await knownIdentity(tools.log, identityId);
  if (typeof known?.subject !== 'string') return 'nobody';
  const context = {
    actor: { kind: 'system' as const, nodeId: null },
    correlationId: tools.ids.uuid(),
    causationId: null,
  };
  const numbers = await grants.of(identityId);
  // The newest first. An older one is there when the answer that came with the newest proved nothing.
  for (const number of [...numbers].reverse()) {
    // The moment of asking orders reports: what was learned while this was on its way is newer.
    const at = await tools.now();
    const answer = await inTime(ask(await grants.open(identityId, number), known.subject));
    if (answer.ok) {
      if (answer.identity.subject !== known.subject) throw new NotProven('the provider answered with somebody else');
      await grants.replace(identityId, number, answer.grant, true);
      const { username, email, groups, attributes, standing } = answer.identity;
      const seen = { username, email, groups, attributes, standing, at, by: 'sync' as const };
      await runCommand(tools, identityDecider, identityId, context, { type: 'observe', seen });
      return 'seen';
    }
    if (answer.reason !== 'gone') {
      if (answer.grant !== null) await grants.replace(identityId, number, answer.grant, false);
      throw answer.reason === 'unavailable' ? new Error(answer.detail) : new NotProven(answer.detail);
    }
    if (await isLast(grants, identityId, number)) {
      await runCommand(tools, identityDecider, identityId, context, { type: 'miss', at, by: 'sync' });
      await grants.forget(identityId, number);
      return 'missed';
    }
    await grants.forgetOne(identityId, number);
  }
  return 'nobody';
}

/** A login may have left a newer one while this was asked by. */
async function isLast(grants: KeptGrants, identityId: IdentityId, number: GrantNumber): Promise<boolean> {
  const left = await grants.of(identityId);
  return left.length === 1 && left[0] === number;
}
