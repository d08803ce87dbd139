import { expect, test } from 'vitest';
import type { FactorEvent } from '../../src/domain/factor/events.ts';
import { memoryLog } from '../kit/memory-log.ts';
import { tempDir } from '../kit/temp-dir.ts';
import { catalogue, type Step, uuid } from './kit/histories.ts';
import { appendAll, open } from './kit/open.ts';

const [alice, codes, phone] = [uuid('user', 1), uuid('factor', 1), uuid('factor', 2)];
const authenticationId = uuid('authentication', 1);

let made = 0;
function step(stream: Step['stream'], expected: number, { type, data }: FactorEvent): Step {
  made += 1;
  const at = `2026-01-02T03:04:0${String(made)}.000Z`;
  const metadata = { at, actor: { kind: 'system', nodeId: null }, correlationId: 'c', causationId: null } as const;
  return {
    stream,
    expected,
    event: { id: `01890000-0000-7000-9000-00000000000${String(made)}`, type, data, metadata },
  };
}

test('a row says what somebody enrolled, how often it was used and that it is gone, and nothing that proves it', async () => {
  const log = memoryLog(catalogue);
  const { factors, caughtUp } = await open(log, tempDir());
  await appendAll(log, [
    step(codes, 0, {
      type: 'FactorEnrolled',
      data: { userId: alice, label: 'on paper', factor: { kind: 'recovery', secretId: 'factor/1', codes: 10 } },
    }),
    step(phone, 0, {
      type: 'FactorEnrolled',
      data: {
        userId: alice,
        label: 'phone',
        factor: { kind: 'webauthn', credentialId: 'id', publicKey: 'key', counter: 0 },
      },
    }),
    step(codes, 1, {
      type: 'FactorUsed',
      data: { userId: alice, authenticationId, use: { kind: 'recovery', code: 3 } },
    }),
    step(codes, 2, {
      type: 'FactorUsed',
      data: { userId: alice, authenticationId, use: { kind: 'recovery', code: 0 } },
    }),
    step(phone, 1, {
      type: 'FactorUsed',
      data: { userId: alice, authenticationId, use: { kind: 'webauthn', counter: 1 } },
    }),
    step(phone, 2, { type: 'FactorRemoved', data: { userId: alice, by: 'owner' } }),
  ]);
  await caughtUp();
  expect(factors.find({ where: { userId: alice }, limit: 10 })).toEqual([
    {
      factorId: codes,
      userId: alice,
      kind: 'recovery',
      codes: 10,
      spent: 2,
      enrolledAt: '2026-01-02T03:04:01.000Z',
      lastUsedAt: '2026-01-02T03:04:04.000Z',
      removed: 0,
      version: 3,
    },
    {
      factorId: phone,
      userId: alice,
      kind: 'webauthn',
      codes: null,
      spent: 0,
      enrolledAt: '2026-01-02T03:04:02.000Z',
      lastUsedAt: '2026-01-02T03:04:05.000Z',
      removed: 1,
      version: 3,
    },
  ]);
});
