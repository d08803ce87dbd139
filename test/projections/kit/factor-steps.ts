import type { Factor, FactorEvent, FactorUse } from '../../../src/domain/factor/events.ts';
import { streamId, type UserId } from '../../../src/domain/kernel/ids.ts';

const kinds: readonly (readonly [Factor, FactorUse])[] = [
  [
    { kind: 'totp', secretId: 'factor/1', step: 1 },
    { kind: 'totp', step: 2 },
  ],
  [
    { kind: 'webauthn', credentialId: 'c', publicKey: 'p', counter: 0 },
    { kind: 'webauthn', counter: 1 },
  ],
  [
    { kind: 'recovery', secretId: 'factor/2', codes: 10 },
    { kind: 'recovery', code: 3 },
  ],
];

/** The life of one factor: enrolled, at times used, at times removed. */
export function factorSteps(userId: UserId, label: string, choice: number): readonly FactorEvent[] {
  const [factor, use] = kinds[choice % kinds.length]!;
  const authenticationId = streamId('authentication', '01890000-0000-7000-8000-000000000000');
  const steps: readonly FactorEvent[] = [
    { type: 'FactorEnrolled', data: { userId, label, factor } },
    { type: 'FactorUsed', data: { userId, authenticationId, use } },
    { type: 'FactorRemoved', data: { userId, by: 'owner' } },
  ];
  return steps.filter((_, place) => place === 0 || (choice >> place) % 2 === 0);
}
