import { expect, it } from 'vitest';
import { viewerOf } from '../../../src/application/commands/logins.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { instead } from '../kit/house.ts';
import { type LoginDesk, openDesk, password, source } from '../kit/login-desk.ts';

const hour = 3_600_000;

async function loggedIn(desk: LoginDesk, door: 'web' | 'cli' = 'web'): Promise<{ secret: string; viewer: Viewer }> {
  const progress = await desk.login('alice', password, null, door);
  if (progress.status !== 'success') throw new Error(progress.status);
  const { secret } = progress.login;
  return { secret, viewer: await mustBe(desk, secret) };
}

const viewer = (desk: LoginDesk, secret: string) => viewerOf(desk.deps, desk.activity, secret);
async function mustBe(desk: LoginDesk, secret: string): Promise<Viewer> {
  const found = await viewer(desk, secret);
  if (found === null) throw new Error('no viewer');
  return found;
}

it('a person sees their logins, which one asks, and ends one of them', async () => {
  const desk = await openDesk();
  const [first, second] = [await loggedIn(desk), await loggedIn(desk, 'cli')];
  expect(await desk.face.ownLogins(second.viewer)).toMatchObject([
    { loginId: first.viewer.loginId, door: 'web', source, provider: 'local', factors: ['UP'], current: false },
    { loginId: second.viewer.loginId, door: 'cli', current: true },
  ]);
  expect(await desk.face.closeLogin(second.viewer, first.viewer.loginId)).toEqual({ ok: true });
  expect(await viewer(desk, first.secret)).toBeNull();
  expect(await viewer(desk, second.secret)).not.toBeNull();
  expect(await desk.face.ownLogins(second.viewer)).toHaveLength(1);
});

it('a login of somebody else is not seen, not ended, and reads like one that is not there', async () => {
  const desk = await openDesk();
  const { secret, viewer: alice } = await loggedIn(desk);
  const mallory = desk.house.viewer({
    userId: streamId('user', desk.deps.tools.ids.uuid()),
    permissions: ['administer'],
  });
  const none = streamId('login', desk.deps.tools.ids.uuid());
  expect(await desk.face.ownLogins(mallory)).toEqual([]);
  expect(await desk.face.closeLogin(mallory, alice.loginId)).toEqual(await desk.face.closeLogin(mallory, none));
  expect(await viewer(desk, secret)).not.toBeNull();
});

it('signing out everywhere ends every login and token of the person, and nobody else’s', async () => {
  const desk = await openDesk();
  const { house, face } = desk;
  const [kept, other] = [await loggedIn(desk), await loggedIn(desk, 'cli')];
  const token = await house.token();
  await house.apply(
    'apiVersion: sallyport/v1\nkind: User\nmetadata: {name: bob}\nspec: {password: another long password}',
  );
  const bob = await desk.login('bob', 'another long password');
  if (bob.status !== 'success') throw new Error(bob.status);
  await face.closeEverything(kept.viewer, true);
  expect(await viewer(desk, kept.secret)).not.toBeNull();
  expect(await viewer(desk, other.secret)).toBeNull();
  expect((await house.types(token)).at(-1)).toBe('TemporaryTokenRevoked');
  await face.closeEverything(kept.viewer, false);
  expect(await viewer(desk, kept.secret)).toBeNull();
  expect(await viewer(desk, bob.login.secret)).not.toBeNull();
});

it('a login at another door rests on the same authentication, and lasts no longer than the one that asks', async () => {
  const desk = await openDesk();
  const web = await loggedIn(desk, 'cli');
  desk.clock.move(11 * hour);
  const second = await desk.face.openLoginFor(web.viewer, { door: 'cli', source: '198.51.100.1' });
  expect(second.expiresAt).toBe(web.viewer.expiresAt);
  const [opened, other] = (await desk.house.events('LoginOpened')).map(
    ({ data }) => data as { authenticationId: string },
  );
  expect(other).toMatchObject({ source: '198.51.100.1', authenticationId: opened?.authenticationId });
  const third = await desk.face.openLoginFor(await mustBe(desk, second.secret), { door: 'cli', source });
  desk.clock.move(hour);
  expect(await viewer(desk, second.secret)).toBeNull();
  expect(await viewer(desk, third.secret)).toBeNull();
});

it('a login that has ended opens no other one', async () => {
  const desk = await openDesk();
  const web = await loggedIn(desk);
  await desk.face.closeLogin(web.viewer, web.viewer.loginId);
  await expect(desk.face.openLoginFor(web.viewer, { door: 'cli', source })).rejects.toMatchObject({ kind: 'denied' });
  expect(await desk.house.events('LoginOpened')).toHaveLength(1);
});

it('a login that is opened while the one that asks is ended goes with it', async () => {
  const desk = await openDesk();
  const web = await loggedIn(desk);
  const { loginProofs } = desk.deps;
  let late = '';
  const between = await openDesk(
    {
      loginProofs: instead(loginProofs, {
        issue: async (loginId, until) => {
          await desk.face.closeEverything(web.viewer, false);
          const issued = await loginProofs.issue(loginId, until);
          late = issued.secret;
          return issued;
        },
      }),
    },
    desk.clock,
    desk.house,
  );
  const asked = between.face.openLoginFor(web.viewer, { door: 'cli', source });
  await expect(asked).rejects.toMatchObject({ kind: 'denied' });
  expect(await viewer(desk, late)).toBeNull();
});
