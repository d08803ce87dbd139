import { expect, it } from 'vitest';
import type { PasswordChange } from '../../../src/application/authentication/change-password.ts';
import { openDesk as openAnyDesk } from '../kit/login-desk.ts';

const [old, fresh] = ['the first password', 'a much better password'];
const minute = 60_000;

async function openDesk() {
  const desk = await openAnyDesk();
  const { house, clock, deps, face } = desk;
  await house.apply(
    `apiVersion: sallyport/v1\nkind: User\nmetadata: {name: rosalind}\nspec: {email: rosa@example.org, password: ${old}, mustChange: true}`,
  );
  const login = async (answer: string) => {
    const started = await desk.start('rosalind');
    return { authenticationId: started.authenticationId, progress: await desk.answer(started, answer) };
  };
  const sealed = () => deps.vault.list('secret-user-');
  return { house, clock, changePassword: face.changePassword, login, sealed };
}

it('a password that must be changed is changed by who knows it, and opens a login then', async () => {
  const { house, changePassword, login } = await openDesk();
  const { authenticationId, progress } = await login(old);
  expect(progress).toMatchObject({ status: 'failed', mustChange: true });
  expect(await changePassword({ authenticationId, password: fresh })).toEqual({ ok: true });
  expect((await login(old)).progress.status).toBe('failed');
  expect((await login(fresh)).progress.status).toBe('success');
  const set = (await house.events('UserPasswordSet')).at(-1);
  expect(set?.data).toMatchObject({ by: 'owner', mustChange: false });
  expect(JSON.stringify(await house.events('UserPasswordSet'))).not.toContain(fresh);
  expect((await changePassword({ authenticationId, password: 'yet another one' })).ok).toBe(false);
});

it('an attempt that knew nothing changes nothing, and says the same as one that never was', async () => {
  const { changePassword, login, sealed } = await openDesk();
  const before = await sealed();
  const answers: PasswordChange[] = [];
  for (const authenticationId of [
    (await login('not the password')).authenticationId,
    'authentication-00000000-0000-4000-8000-000000000009',
    'no id at all',
  ]) {
    answers.push(await changePassword({ authenticationId, password: fresh }));
  }
  expect(answers[0]).toMatchObject({ ok: false });
  expect(answers.map((answer) => JSON.stringify(answer))).toEqual(answers.map(() => JSON.stringify(answers[0])));
  expect(await sealed()).toEqual(before);
});

it('whoever reads in the log of an attempt changes no password by that', async () => {
  const { house, changePassword, login } = await openDesk();
  await login(old);
  const { stream } = (await house.events('AuthenticationFailed')).at(-1) ?? { stream: '' };
  expect(await changePassword({ authenticationId: stream, password: fresh })).toMatchObject({ ok: false });
});

it('takes no password that is guessed, names its owner, or is the old one', async () => {
  const { changePassword, login, sealed } = await openDesk();
  const before = await sealed();
  const { authenticationId } = await login(old);
  for (const [password, why] of [
    ['short', 'at least 8'],
    ['Password123', 'guessed first'],
    ['Rosalind', 'name or the address'],
    ['rosa@example.org', 'name or the address'],
    [old, 'is the old one'],
  ] as const) {
    const answer = await changePassword({ authenticationId, password });
    expect(answer, password).toMatchObject({
      ok: false,
      errors: [{ message: expect.stringContaining(why) as string }],
    });
  }
  expect(await sealed(), 'nothing is left of what was refused').toEqual(before);
});

it('is too late after the time of the attempt, and nothing for somebody disabled', async () => {
  const { house, clock, changePassword, login } = await openDesk();
  const { authenticationId } = await login(old);
  clock.move(5 * minute);
  // An old proof tells nothing of the new password either.
  expect(await changePassword({ authenticationId, password: 'short' })).toMatchObject({
    errors: [{ message: expect.stringContaining('within 5 minutes') as string }],
  });
  const second = await login(old);
  await house.apply('apiVersion: sallyport/v1\nkind: User\nmetadata: {name: rosalind}\nspec: {disabled: true}');
  const wish = { authenticationId: second.authenticationId, password: fresh };
  expect(await changePassword(wish)).toMatchObject({
    errors: [{ message: expect.stringContaining('disabled') as string }],
  });
});

it('eight changes at once with one proof set one password', async () => {
  const { house, changePassword, login, sealed } = await openDesk();
  const before = await sealed();
  const { authenticationId } = await login(old);
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, number) => changePassword({ authenticationId, password: `${fresh} ${number}` })),
  );
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
  const owners = (await house.events('UserPasswordSet')).filter(({ data }) => (data as { by: string }).by === 'owner');
  expect(owners).toHaveLength(1);
  expect(await sealed()).toHaveLength(before.length + 1);
});
