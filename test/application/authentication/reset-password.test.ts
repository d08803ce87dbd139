import { expect, it } from 'vitest';
import { openDesk, password } from '../kit/login-desk.ts';

const fresh = 'a much better password';
const hour = 3_600_000;

async function offered() {
  const desk = await openDesk();
  const admin = desk.house.viewer({ permissions: ['self', 'administer'] });
  const offer = await desk.face.offerPasswordReset(admin, 'Alice');
  if (!offer.ok) throw new Error('no link');
  return { desk, admin, link: offer.link };
}

const codeOf = (answer: Awaited<ReturnType<Awaited<ReturnType<typeof offered>>['desk']['face']['resetPassword']>>) =>
  answer.ok ? 'ok' : answer.errors[0]?.code;

it('a link sets a password once, and stands in no event', async () => {
  const { desk, link } = await offered();
  const { face, house } = desk;
  expect(link).toMatch(/^spr_[\w-]+$/);
  expect(codeOf(await face.resetPassword({ link, password: 'short' })), 'a refused choice uses nothing up').toBe(
    'password-refused',
  );
  const answers = await Promise.all(Array.from({ length: 6 }, () => face.resetPassword({ link, password: fresh })));
  expect(answers.map(codeOf).sort()).toEqual([...Array.from({ length: 5 }, () => 'link-void'), 'ok']);
  expect((await desk.login('alice', password)).status).toBe('failed');
  expect((await desk.login('alice', fresh)).status).toBe('success');
  const events = JSON.stringify([
    ...(await house.events('PasswordResetOffered')),
    ...(await house.events('UserPasswordSet')),
  ]);
  expect(events).not.toContain(link.slice(4));
  expect(await desk.deps.vault.list('secret-user-')).toHaveLength(2);
});

it('a link is void after an hour, after a newer one, and for somebody disabled; the text is one', async () => {
  const { desk, admin, link } = await offered();
  const { face, house, clock } = desk;
  const newer = await face.offerPasswordReset(admin, 'alice');
  if (!newer.ok) throw new Error('no link');
  const void_ = await face.resetPassword({ link, password: fresh });
  expect(codeOf(void_)).toBe('link-void');
  for (const made of [
    '',
    'spr_',
    `${newer.link}A`,
    newer.link.slice(4),
    `spr_${desk.deps.sealing.seal('round', '["user"]')}`,
  ]) {
    expect(await face.resetPassword({ link: made, password: fresh }), made).toEqual(void_);
  }
  await house.apply('apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {disabled: true}');
  expect(await face.resetPassword({ link: newer.link, password: 'short' })).toEqual(void_);
  await house.apply('apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {}');
  const last = await face.offerPasswordReset(admin, 'alice');
  clock.move(hour);
  expect(await face.resetPassword({ link: last.ok ? last.link : '', password: fresh })).toEqual(void_);
});

it('administrators alone make links', async () => {
  const { desk } = await offered();
  expect(await desk.face.offerPasswordReset(desk.house.viewer(), 'alice')).toMatchObject({
    errors: [{ code: 'denied' }],
  });
  const admin = desk.house.viewer({ permissions: ['administer'] });
  expect(await desk.face.offerPasswordReset(admin, 'nobody')).toMatchObject({ errors: [{ code: 'absent' }] });
  expect(await desk.house.events('PasswordResetOffered')).toHaveLength(1);
});
