import { describe, expect, test } from 'vitest';
import { beginWebauthn, checkFactor } from '../../../src/application/factors/check-factor.ts';
import type { Mechanism, MechanismName } from '../../../src/domain/authentication/events.ts';
import { type FactorId, streamId, type UserId } from '../../../src/domain/kernel/ids.ts';
import { appCode } from '../../kit/authenticator-app.ts';
import { softwareAuthenticator } from '../../kit/software-authenticator.ts';
import { loggedInBy } from '../kit/factor-login.ts';
import { factorsIn, webOrigin } from '../kit/factors.ts';
import { openHouse } from '../kit/house.ts';
import { movingClock } from '../kit/moving-clock.ts';

async function house() {
  const clock = movingClock();
  const house = await openHouse(clock);
  const { face, deps } = factorsIn(house);
  const viewer = await loggedInBy(house, ['UP', 'OATH']);
  const mechanism = (name: MechanismName, ...factorIds: FactorId[]): Mechanism => ({
    id: 'm',
    name,
    answerType: 'Text',
    factorIds,
  });
  const check = (
    asked: Mechanism,
    answer: string,
    over: {
      readonly pending?: string;
      readonly person?: UserId | null;
      readonly attempt?: ReturnType<typeof attempt>;
    } = {},
  ) =>
    checkFactor(deps, {
      authenticationId: over.attempt ?? attempt(),
      person: over.person === undefined ? house.alice : over.person,
      mechanism: asked,
      answer,
      pending: over.pending ?? null,
      context: {
        actor: { kind: 'unknown', source: '192.0.2.1' },
        correlationId: deps.tools.ids.uuid(),
        causationId: null,
      },
    });
  const attempt = () => streamId('authentication', deps.tools.ids.uuid());
  const totp = async () => {
    const begun = await face.beginTotp(viewer, 'phone');
    if (!begun.ok) throw new Error('refused');
    const done = await face.finishTotp(viewer, { sealed: begun.sealed, code: appCode(begun.secret, clock.wall()) });
    if (!done.ok) throw new Error('refused');
    return { factorId: done.factorId, code: (steps = 0) => appCode(begun.secret, clock.wall(), steps) };
  };
  const codes = async () => {
    const drawn = await face.drawRecoveryCodes(viewer, null);
    if (!drawn.ok) throw new Error('refused');
    return drawn;
  };
  const passkey = async (counts = true) => {
    const key = softwareAuthenticator(webOrigin, counts);
    const begun = await face.beginWebauthn(viewer, 'laptop');
    if (!begun.ok) throw new Error('refused');
    const done = await face.finishWebauthn(viewer, { sealed: begun.sealed, credential: key.create(begun.options) });
    if (!done.ok) throw new Error('refused');
    const asked = mechanism('WebAuthn', done.factorId);
    const signed = async () => {
      const round = await beginWebauthn(deps, asked, house.alice);
      if (round === null) throw new Error('nothing to sign');
      return { answer: key.get(round.options), pending: round.pending };
    };
    return { factorId: done.factorId, asked, signed };
  };
  return { house, clock, face, deps, viewer, mechanism, check, attempt, totp, codes, passkey };
}

describe('a code of an app', () => {
  test('counts once in 50 tries at once, also with blanks in it, and not for the step of its enrolment', async () => {
    const { house: h, clock, mechanism, check, totp } = await house();
    const { factorId, code } = await totp();
    const asked = mechanism('OATH', factorId);
    expect(await check(asked, code())).toBeNull();
    clock.move(30_000);
    const typed = code();
    const tries = Array.from({ length: 50 }, (_, one) =>
      check(asked, one % 2 === 0 ? typed : `${typed.slice(0, 3)} ${typed.slice(3)}`),
    );
    const right = (await Promise.all(tries)).filter((one) => one !== null);
    expect(right).toEqual([{ factorId, userId: h.alice }]);
    expect(await check(asked, typed)).toBeNull();
    expect(await h.events('FactorUsed')).toHaveLength(1);
    expect(JSON.stringify(await h.events('FactorUsed'))).not.toContain(typed);
  });

  test('of the step before the last one used is none', async () => {
    const { clock, mechanism, check, totp } = await house();
    const { factorId, code } = await totp();
    const asked = mechanism('OATH', factorId);
    clock.move(60_000);
    expect(await check(asked, code(1))).not.toBeNull();
    expect(await check(asked, code())).toBeNull();
    expect(await check(asked, code(-1))).toBeNull();
  });

  test('is for its person, for a factor that was asked for, and for one that stands', async () => {
    const { clock, face, viewer, mechanism, check, totp, deps } = await house();
    const [one, other] = [await totp(), await totp()];
    clock.move(30_000);
    const stranger = streamId('user', deps.tools.ids.uuid());
    expect(await check(mechanism('OATH', one.factorId), one.code(), { person: stranger })).toBeNull();
    expect(await check(mechanism('OATH', one.factorId), one.code(), { person: null })).toBeNull();
    expect(await check(mechanism('OATH', other.factorId), one.code())).toBeNull();
    expect(await check(mechanism('RC', one.factorId), one.code())).toBeNull();
    expect(await check(mechanism('WebAuthn', one.factorId), one.code(), { pending: 'x' })).toBeNull();
    expect(await check(mechanism('OATH', other.factorId, one.factorId), one.code())).toMatchObject({
      factorId: one.factorId,
    });
    clock.move(30_000);
    expect(await face.removeFactor(viewer, one.factorId)).toEqual({ ok: true });
    expect(await check(mechanism('OATH', one.factorId), one.code())).toBeNull();
  });
});

describe('recovery codes', () => {
  test('each counts once in 50 tries at once, and the list says how many are left', async () => {
    const { house: h, face, viewer, mechanism, check, codes } = await house();
    const { factorId, codes: drawn } = await codes();
    expect(drawn).toHaveLength(10);
    const asked = mechanism('RC', factorId);
    const tries = Array.from({ length: 50 }, (_, one) => check(asked, drawn[one % 5] ?? ''));
    expect((await Promise.all(tries)).filter((one) => one !== null)).toHaveLength(5);
    expect(await h.events('FactorUsed')).toHaveLength(5);
    expect(await face.ownFactors(viewer)).toMatchObject([{ kind: 'recovery', left: 5 }]);
    expect(await check(asked, '0000-0000-0000')).toBeNull();
  });

  test('of before stop counting when new ones are drawn, once or at the same moment', async () => {
    const { house: h, face, viewer, mechanism, check, codes, deps } = await house();
    const before = await codes();
    const drawn = await Promise.all([codes(), codes(), codes()]);
    const live = await face.ownFactors(viewer);
    expect(live).toHaveLength(1);
    const asked = mechanism('RC', before.factorId, ...drawn.map(({ factorId }) => factorId));
    const right = [];
    for (const set of [before, ...drawn]) right.push(await check(asked, set.codes[0] ?? ''));
    expect(right.filter((one) => one !== null)).toEqual([{ factorId: live[0]?.factorId, userId: h.alice }]);
    expect(await deps.vault.list('factor/')).toEqual([`factor/${String(live[0]?.factorId)}`]);
  });

  test('stand in no event, and in custody as digests', async () => {
    const { house: h, codes, deps } = await house();
    const { factorId, codes: drawn } = await codes();
    const kept = Buffer.from(await deps.vault.open(`factor/${factorId}`)).toString('latin1');
    const events = JSON.stringify(await h.node.tools.log.readAll({ after: null, limit: 1_000 }));
    for (const code of drawn) {
      expect(events).not.toContain(code);
      expect(kept).not.toContain(code.replaceAll('-', ''));
    }
  });
});

describe('a signature of a passkey', () => {
  test.each([
    ['that counts', true],
    ['that counts nothing', false],
  ])('%s counts once in 50 tries of an attempt at once', async (_what, counts) => {
    const { check, attempt, passkey, house: h } = await house();
    const { asked, signed } = await passkey(counts);
    const { answer, pending } = await signed();
    const one = attempt();
    const tries = Array.from({ length: 50 }, () => check(asked, answer, { pending, attempt: one }));
    expect((await Promise.all(tries)).filter((each) => each !== null)).toHaveLength(1);
    expect(await h.events('FactorUsed')).toHaveLength(1);
    const next = await signed();
    expect(await check(asked, next.answer, { pending: next.pending })).not.toBeNull();
  });

  test('is none over what was asked elsewhere, or over nothing', async () => {
    const { check, passkey } = await house();
    const { asked, signed } = await passkey();
    const [one, other] = [await signed(), await signed()];
    expect(await check(asked, one.answer, { pending: other.pending })).toBeNull();
    expect(await check(asked, one.answer)).toBeNull();
    expect(await check(asked, other.answer, { pending: other.pending })).not.toBeNull();
    // Its counter is behind by now: a copy.
    expect(await check(asked, one.answer, { pending: one.pending })).toBeNull();
  });

  test('is asked of nobody who has none, and of nobody unknown', async () => {
    const { deps, house: h, mechanism, totp, passkey, face, viewer } = await house();
    const { factorId } = await totp();
    const { asked } = await passkey();
    expect(await beginWebauthn(deps, mechanism('WebAuthn', factorId), h.alice)).toBeNull();
    expect(await beginWebauthn(deps, asked, null)).toBeNull();
    expect(await beginWebauthn(deps, asked, streamId('user', deps.tools.ids.uuid()))).toBeNull();
    await face.removeFactor(viewer, asked.factorIds[0] ?? 'factor-');
    expect(await beginWebauthn(deps, asked, h.alice)).toBeNull();
  });
});
