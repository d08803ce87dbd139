import { localProvider } from '../../domain/authentication/events.ts';
import type { Attributes } from '../../domain/kernel/attributes.ts';
import type { Door } from '../../domain/kernel/door.ts';
import type { IdentityId, PassId } from '../../domain/kernel/ids.ts';
import { hasLeft } from '../../domain/kernel/standing.ts';
import type { LoginOpened } from '../../domain/login/events.ts';
import { readPass } from '../commands/pass-streams.ts';
import type { CommandTools } from '../commands/run-command.ts';
import { knownIdentity } from '../identities/known-identity.ts';
import type { ReadModels } from '../ports/read-models.ts';

/** When, how and from where the person behind a pass logged in, and what the provider says of them now. */
export interface LoginFacts {
  readonly authenticatedAt: string;
  readonly factors: readonly string[];
  readonly source: string;
  readonly door: Door;
  readonly provider: string;
  /** Null: the local password. */
  readonly identityId: IdentityId | null;
  /** Groups that the provider names now. */
  readonly groups: readonly string[];
  /** What else it says now; personal, and so of the log itself. */
  readonly attributes: Attributes;
  /** The identity is not active at its provider any more, or was unlinked: nothing may rest on it. */
  readonly left: boolean;
}

/** The view must have what is durable. Errors: those of the log. */
export async function loginFacts(
  deps: { readonly tools: CommandTools; readonly views: Pick<ReadModels, 'identities'> },
  passId: PassId,
): Promise<LoginFacts> {
  const pass = await readPass(deps.tools, passId);
  const loginId = pass.status === 'absent' ? passId : pass.pass.loginId;
  const [opened] = await deps.tools.log.readStream(loginId, { after: null, limit: 1 });
  const login = opened?.type === 'LoginOpened' ? (opened.data as LoginOpened['data']) : null;
  const identityId = login?.identityId ?? null;
  return {
    authenticatedAt: opened?.metadata.at ?? '',
    factors: login?.factors ?? [],
    source: login?.source ?? '',
    door: login?.door ?? 'web',
    provider: login?.provider ?? localProvider,
    identityId,
    ...(await said(deps, login)),
  };
}

async function said(
  { tools, views }: Parameters<typeof loginFacts>[0],
  login: LoginOpened['data'] | null,
): Promise<Pick<LoginFacts, 'groups' | 'attributes' | 'left'>> {
  const identityId = login?.identityId ?? null;
  if (identityId === null) return { groups: [], attributes: {}, left: false };
  const row = views.identities.get(identityId);
  const left = row?.linked !== 1 || row.userId !== login?.userId || hasLeft(row.standing);
  if (left) return { groups: [], attributes: {}, left };
  const known = await knownIdentity(tools.log, identityId);
  return { groups: row.groups, attributes: known?.attributes ?? {}, left };
}
