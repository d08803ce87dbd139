import { expect, test } from 'vitest';
import type { ShownChallenge } from '../../../src/application/ports/login-face.ts';
import type { Viewer } from '../../../src/application/ports/viewer.ts';
import { enrol } from './kit.ts';
import { openDesk, password, source, type LoginDesk } from '../kit/login-desk.ts';

const minute = 60_000;
const needed = { ok: false, errors: [{ code: 'fresh-factor-needed' }] };

/** No second factor is asked for at a login: whoever knows the password is in. */
const lenient = () => openDesk({ requiredChallenges: async () => [] });

async function withCodes(): Promise<{ desk: LoginDesk; first: Viewer; codes: readonly string[] }> {
  const desk = await lenient();
  const first = await desk.viewer();
  await enrol(desk.house, 'totp');
  const drawn = await desk.factorFace.drawRecoveryCodes(first, null);
  if (!drawn.ok) throw new Error('refused');
  return { desk, first, codes: drawn.codes };
}

const codesOf = ([challenge]: readonly ShownChallenge[]): readonly ShownChallenge[] => [
  { mechanisms: challenge?.mechanisms.filter(({ name }) => name === 'RC') ?? [] },
];

async function showCode({ face }: LoginDesk, viewer: Viewer, code: string): Promise<void> {
  const started = await face.startFreshFactor(viewer, { door: 'web', source });
  if (!started.ok) throw new Error('refused');
  const { authenticationId, challenges } = started;
  const mechanismId = codesOf(challenges)[0]?.mechanisms[0]?.id ?? '';
  const shown = await face.advanceAuthentication({ authenticationId, mechanismId, answer: code, round: null, source });
  expect(shown.status).toBe('shown');
}

test('a login without a second factor makes itself none, and takes none off, once its person has one', async () => {
  const { desk, codes } = await withCodes();
  const { factorFace } = desk;
  desk.clock.move(minute);
  const second = await desk.viewer();
  const [own] = await factorFace.ownFactors(second);
  expect(await factorFace.drawRecoveryCodes(second, null)).toMatchObject(needed);
  expect(await factorFace.drawRecoveryCodes(second, 'alice')).toMatchObject(needed);
  expect(await factorFace.beginTotp(second, 'phone')).toMatchObject(needed);
  expect(await factorFace.beginWebauthn(second, 'key')).toMatchObject(needed);
  expect(await factorFace.removeFactor(second, own!.factorId)).toMatchObject(needed);
  expect(await desk.house.events('FactorRemoved')).toEqual([]);
  await showCode(desk, second, codes[0]!);
  const other = await desk.viewer();
  expect(await factorFace.beginTotp(other, 'phone'), 'it was shown in another login').toMatchObject(needed);
  expect(await factorFace.beginTotp(second, 'phone')).toMatchObject({ ok: true });
  expect(await factorFace.removeFactor(second, own!.factorId)).toEqual({ ok: true });
});

test('what a login has shown counts for 15 minutes, and what it enrolled first is changed as long', async () => {
  const { desk, first } = await withCodes();
  desk.clock.move(14 * minute);
  expect(await desk.factorFace.beginTotp(first, 'phone')).toMatchObject({ ok: true });
  desk.clock.move(2 * minute);
  expect(await desk.factorFace.beginTotp(first, 'phone')).toMatchObject(needed);
});

test('who logged in by a second factor changes them for 15 minutes', async () => {
  const desk = await openDesk();
  const before = await desk.viewer();
  await enrol(desk.house, 'totp');
  const drawn = await desk.factorFace.drawRecoveryCodes(before, null);
  if (!drawn.ok) throw new Error('refused');
  desk.clock.move(minute);
  const started = await desk.start('alice');
  const next = await desk.answer(started, password);
  if (next.status !== 'next') throw new Error(next.status);
  const progress = await desk.answer({ ...started, challenges: codesOf(next.challenges) }, drawn.codes[0]!);
  if (progress.status !== 'success') throw new Error(progress.status);
  const viewer = desk.house.viewer({ loginId: progress.login.loginId });
  desk.clock.move(14 * minute);
  expect(await desk.factorFace.beginTotp(viewer, 'phone')).toMatchObject({ ok: true });
  desk.clock.move(2 * minute);
  expect(await desk.factorFace.beginTotp(viewer, 'phone')).toMatchObject(needed);
});
