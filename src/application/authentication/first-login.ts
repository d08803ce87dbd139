import type { AuthenticationPurpose } from '../../domain/authentication/events.ts';
import type { LinkAtFirstLogin } from '../../domain/identity/commands.ts';
import { identityDecider } from '../../domain/identity/decider.ts';
import { type AuthenticationId, type IdentityId, type UserId, streamId } from '../../domain/kernel/ids.ts';
import { nameProblem } from '../../domain/kernel/names.ts';
import { nameDecider } from '../../domain/name/decider.ts';
import { userDecider } from '../../domain/user/decider.ts';
import { type CommandContext, readState, runCommand } from '../commands/run-command.ts';
import type { IdentityFact } from '../ports/identity-providers.ts';
import type { NameKeys } from '../ports/system.ts';
import { userState } from './user-standing.ts';
import type { AuthenticationTools } from './tools.ts';

type FirstLoginTools = Pick<AuthenticationTools, 'tools' | 'nameKeys' | 'providers'>;

interface Identified {
  readonly identity: IdentityFact;
  readonly identityId: IdentityId;
  readonly authenticationId: AuthenticationId;
  readonly context: CommandContext;
}

/** `why` is in words for the person; null when they are linked, or when there is nothing to say yet. */
interface Linked {
  readonly linkedTo: UserId | null;
  readonly why: string | null;
}

/** Whose the identity is. At the first login of somebody who may log in there, they are made and linked. */
export async function linkedPerson(
  deps: FirstLoginTools,
  who: Identified,
  purpose: AuthenticationPurpose,
): Promise<Linked> {
  const { state } = await readState(deps.tools.log, identityDecider, who.identityId);
  if (state.status === 'linked') return { linkedTo: state.userId, why: null };
  if (purpose !== 'login' || who.identity.standing !== 'active') return { linkedTo: null, why: null };
  return firstLogin(deps, who);
}

/**
 * The id of the person follows from the identity, so that two first logins at once make one, and one that a crash cut
 * off is finished by the next: whatever was reserved for that id was reserved for this identity.
 */
function bornAs(nameKeys: NameKeys, identityId: IdentityId): UserId {
  const hex = nameKeys.nameKey('person of', identityId);
  // RFC 9562, section 5.8: a uuid of version 8, with bits of our own.
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)];
  return streamId('user', uuid.join('-'));
}

/** Name, person, link, in this order, each by its own command. The last to be refused says why. */
async function firstLogin(deps: FirstLoginTools, who: Identified): Promise<Linked> {
  const { tools, nameKeys } = deps;
  const { identity, identityId, context } = who;
  const userId = bornAs(nameKeys, identityId);
  const asBorn = await linkCommand(deps, who, userId, identityId);
  // Nobody is made whom the link would refuse.
  const { state } = await readState(tools.log, identityDecider, identityId);
  const allowed = identityDecider.decide(asBorn, state);
  if (!allowed.ok) return notLinked(allowed.rejection.message);
  const problem = nameProblem(identity.username);
  if (problem !== null)
    return notLinked(`the login name that ${identity.provider} gives cannot be used here: ${problem}`);
  const nameKey = nameKeys.nameKey('user', identity.username);
  const reserved = await runCommand(tools, nameDecider, streamId('name', nameKey), context, {
    type: 'reserve',
    kind: 'user',
    holder: userId,
  });
  if (reserved.ok) {
    const { username: name, email } = identity;
    await runCommand(tools, userDecider, userId, context, { type: 'create', name, nameKey, email, bornOf: identityId });
  }
  const user = await userState(deps, userId);
  const bornOf = reserved.ok && (user.status === 'active' || user.status === 'disabled') ? user.bornOf : null;
  const linked = await runCommand(tools, identityDecider, identityId, context, { ...asBorn, userBornOf: bornOf });
  return linked.ok ? { linkedTo: userId, why: null } : notLinked(linked.rejection.message);
}

async function linkCommand(
  { providers }: FirstLoginTools,
  { identity, identityId, authenticationId }: Identified,
  userId: UserId,
  userBornOf: IdentityId,
): Promise<LinkAtFirstLogin> {
  const { provider, subject } = identity;
  const summary = (await providers.list()).find(({ name }) => name === provider);
  const providerCreates = summary?.createsUsers === true;
  return {
    type: 'link-at-first-login',
    identityId,
    userId,
    provider,
    subject,
    authenticationId,
    providerCreates,
    userBornOf,
  };
}

function notLinked(why: string): Linked {
  return { linkedTo: null, why };
}

/** Keeps how the provider saw the person at this login. */
export async function observe(
  { tools }: Pick<AuthenticationTools, 'tools'>,
  identityId: IdentityId,
  { username, email, groups, attributes, standing }: IdentityFact,
  at: string,
  context: CommandContext,
): Promise<void> {
  const seen = { username, email, groups, attributes, standing, at, by: 'login' as const };
  // A newer report that came meanwhile stands: the refusal is right.
  await runCommand(tools, identityDecider, identityId, context, { type: 'observe', seen });
}
