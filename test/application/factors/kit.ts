import { runCommand, StreamWriter } from '../../../src/application/commands/run-command.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import type { FactorPolicyTools, FactorQuestion } from '../../../src/application/factors/required-challenges.ts';
import { factorDecider } from '../../../src/domain/factor/decider.ts';
import type { Factor, FactorUse } from '../../../src/domain/factor/events.ts';
import { type AuthenticationId, type FactorId, streamId } from '../../../src/domain/kernel/ids.ts';
import { loginDecider } from '../../../src/domain/login/decider.ts';
import type { LoginOpened } from '../../../src/domain/login/events.ts';
import { document } from '../resources/samples.ts';
import type { House } from '../kit/house.ts';

export const factorTools = ({ node }: House): FactorPolicyTools => ({
  tools: node.tools,
  views: node.views,
  zone: 'UTC',
});

export const atLogin = (house: House, over: Partial<FactorQuestion> = {}): FactorQuestion => ({
  moment: 'login',
  userId: house.alice,
  username: 'alice',
  groups: [],
  provider: 'local',
  factors: ['UP'],
  source: '127.0.0.1',
  door: 'web',
  ...over,
});

/** RFC 6238: 30 s a step. */
const step = (at: string): number => Math.floor(Date.parse(at) / 30_000);

export async function enrol(house: House, kind: Factor['kind'], codes = 2): Promise<FactorId> {
  const { tools } = house.node;
  const factorId = streamId('factor', tools.ids.uuid());
  const made = await runCommand(tools, factorDecider, factorId, contextOf(house), (at) => ({
    type: 'enrol' as const,
    userId: house.alice,
    label: kind,
    factor: factorOf(kind, step(at) - 1, codes),
    verified: true,
    at,
  }));
  if (!made.ok) throw new Error(made.rejection.message);
  return factorId;
}

function factorOf(kind: Factor['kind'], at: number, codes: number): Factor {
  if (kind === 'totp') return { kind, secretId: 'factor/1', step: at };
  if (kind === 'webauthn') return { kind, credentialId: 'Y3JlZA', publicKey: 'a2V5', counter: 0 };
  return { kind, secretId: 'factor/2', codes };
}

export async function use(house: House, factorId: FactorId, shown: FactorUse): Promise<void> {
  const { tools } = house.node;
  const authenticationId: AuthenticationId = streamId('authentication', tools.ids.uuid());
  const used = await runCommand(tools, factorDecider, factorId, contextOf(house), (at) => ({
    type: 'use' as const,
    userId: house.alice,
    authenticationId,
    use: shown,
    at,
  }));
  if (!used.ok) throw new Error(used.rejection.message);
}

export async function removeFactor(house: House, factorId: FactorId): Promise<void> {
  const wish = { type: 'remove', userId: house.alice, by: 'owner' } as const;
  await runCommand(house.node.tools, factorDecider, factorId, contextOf(house), wish);
}

export function contextOf({ node, alice }: House) {
  const actor = { kind: 'user' as const, userId: alice };
  return { actor, correlationId: node.tools.ids.uuid(), causationId: null };
}

export const provider = (name: string, spec: string): string => document('FactorProvider', name, spec);

/** Alice with a login of her own. */
export async function logIn(house: House, over: Partial<LoginOpened['data']> = {}): Promise<Viewer> {
  const viewer = house.viewer();
  const { tools } = house.node;
  const { userId, loginId } = viewer;
  const opened = await new StreamWriter(tools, loginDecider, loginId).run(contextOf(house), (at) => ({
    type: 'open',
    login: {
      userId,
      authenticationId: streamId('authentication', tools.ids.uuid()),
      door: 'web',
      source: '127.0.0.1',
      factors: ['UP'],
      provider: 'local',
      identityId: null,
      idleMilliseconds: 900_000,
      ...over,
    },
    ttlMilliseconds: 3_600_000,
    at,
  }));
  if (!opened.ok) throw new Error(opened.rejection.message);
  return viewer;
}
