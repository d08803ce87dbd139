import { StreamWriter } from '../../../src/application/commands/run-command.ts';
import { openLoginOn } from '../../../src/application/authentication/open-login.ts';
import type { LoginDoor } from '../../../src/application/ports/login-face.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import { authenticationDecider } from '../../../src/domain/authentication/decider.ts';
import type { AuthenticationPurpose, MechanismName } from '../../../src/domain/authentication/events.ts';
import {
  type AuthenticationId,
  type FactorId,
  type LoginId,
  streamId,
  type UserId,
} from '../../../src/domain/kernel/ids.ts';
import type { House } from './house.ts';

interface Shown {
  readonly userId: UserId;
  readonly purpose: AuthenticationPurpose;
  readonly loginId: LoginId | null;
  /** In this order; factors by the id of one of the person's. */
  readonly by: readonly MechanismName[];
  readonly factorId: FactorId;
}

/** An authentication at the web whose answers were right, as the doors append it. */
export async function authenticated({ node: { tools } }: House, shown: Shown): Promise<AuthenticationId> {
  const { userId, purpose, loginId, by, factorId } = shown;
  const authenticationId = streamId('authentication', tools.ids.uuid());
  const writer = new StreamWriter(tools, authenticationDecider, authenticationId);
  const context = { actor: { kind: 'unknown', source: '127.0.0.1' }, correlationId: 'c', causationId: null } as const;
  const challenges = by.map((name) => ({
    mechanisms: [{ id: name, name, answerType: 'Text' as const, factorIds: name === 'UP' ? [] : [factorId] }],
  }));
  const attempt = { userId, nameKey: null, door: 'web', clientId: null, source: '127.0.0.1' } as const;
  const rest = { provider: 'local', purpose, loginId, challenges } as const;
  await writer.run(context, (at) => ({ type: 'start', attempt: { ...attempt, ...rest }, at }));
  for (const name of by) {
    const factor = name === 'UP' ? null : { factorId, userId };
    const facts = { verified: true, identity: null, passwordId: name === 'UP' ? 'p' : null, factor } as const;
    const standing = { userStanding: 'active', identityStanding: null, required: [] } as const;
    await writer.run(context, (at) => ({
      type: 'answer',
      mechanismId: name,
      roundId: null,
      ...facts,
      ...standing,
      at,
    }));
  }
  return authenticationId;
}

/** Somebody logged in by these just now; `door` other than web: through the login of a browser. */
export async function loggedInBy(
  house: House,
  by: readonly MechanismName[],
  over: Partial<Viewer> & { readonly door?: LoginDoor } = {},
): Promise<Viewer> {
  const { door = 'web', ...rest } = over;
  const viewer = house.viewer(rest);
  const { tools, custody } = house.node;
  const { userId } = viewer;
  const factorId = streamId('factor', tools.ids.uuid());
  const authenticationId = await authenticated(house, { userId, purpose: 'login', loginId: null, by, factorId });
  const basis = { userId, authenticationId, source: '127.0.0.1', factors: by, provider: 'local', identityId: null };
  const { loginId } = await openLoginOn({ tools, ...custody }, basis, door, null);
  return { ...viewer, loginId };
}
