import { expect, it } from 'vitest';
import { verifyLogin } from '../../../src/application/admission/login-pass.ts';
import { isStillLive } from '../../../src/application/admission/verify-pass.ts';
import type { VerifiedPass } from '../../../src/application/admission/door.ts';
import type { AdmitTools } from '../../../src/application/admission/admit.ts';
import type { Viewer } from '../../../src/application/ports/viewer.ts';
import { upToHead } from '../../../src/application/reading.ts';
import { streamId, type UserId } from '../../../src/domain/kernel/ids.ts';
import { logIn } from '../factors/kit.ts';
import { down, instead } from '../kit/house.ts';
import { linked, observed } from '../kit/identity.ts';
import { type LoginDesk, openDesk, password } from '../kit/login-desk.ts';

const hour = 3_600_000;

it('the login of a browser is a pass of its person', async () => {
  const desk = await openDesk();
  const viewer = await desk.viewer();
  const pass = await verifyLogin(desk.house.node.admission, viewer);
  expect(pass).toEqual({ passId: viewer.loginId, userId: desk.house.alice, userName: 'alice' });
});

interface Case {
  readonly when: string;
  readonly change: (desk: LoginDesk, viewer: Viewer) => Promise<Viewer | undefined> | Promise<void>;
  readonly deps?: (deps: AdmitTools) => AdmitTools;
}

const cases: readonly Case[] = [
  { when: 'it was closed', change: (desk, viewer) => desk.face.closeEverything(viewer, false) },
  { when: 'its time is over', change: async ({ clock }) => clock.move(12 * hour) },
  {
    when: 'it was idle for too long',
    change: async ({ activity, clock }, viewer) => {
      activity.use(viewer.loginId, clock.wall());
      clock.move(hour / 4 + 1);
    },
  },
  {
    when: 'the person is disabled',
    change: ({ house }) =>
      house.apply('apiVersion: sallyport/v1\nkind: User\nmetadata: {name: alice}\nspec: {disabled: true}'),
  },
  {
    when: 'it is that of somebody else',
    change: async ({ house }, viewer) => {
      await house.apply(
        'apiVersion: sallyport/v1\nkind: User\nmetadata: {name: bob}\nspec: {password: another long password}',
      );
      const { directory } = house.node.views;
      await upToHead(house.node.tools.log, directory);
      const bob = directory.find({ where: { kind: 'user', name: 'bob' }, limit: 1 })[0]?.id as UserId;
      return { ...viewer, userId: bob, userName: 'bob' };
    },
  },
  {
    when: 'there is none',
    change: async ({ house }, viewer) => ({ ...viewer, loginId: streamId('login', house.node.tools.ids.uuid()) }),
  },
  {
    when: 'it is one of the command line',
    change: async (desk, viewer) => {
      const progress = await desk.login('alice', password, 'local', 'cli');
      if (progress.status !== 'success') throw new Error(progress.status);
      return { ...viewer, loginId: progress.login.loginId };
    },
  },
  {
    when: 'its identity has left the provider',
    change: async ({ house }, viewer) => {
      const identityId = await linked(house.node, house.alice);
      const { loginId } = await logIn(house, { identityId, provider: 'corp', factors: ['IDP'] });
      const own = { ...viewer, loginId };
      expect(await verifyLogin(house.node.admission, own)).not.toBeNull();
      await observed(house.node, identityId, { standing: 'disabled' });
      return own;
    },
  },
  {
    when: 'the log can not be read',
    change: async () => undefined,
    deps: (deps) => {
      const log = instead(deps.tools.log, { readStream: () => Promise.reject(down()) });
      return { ...deps, tools: { ...deps.tools, log } };
    },
  },
];

it.each(cases)('a login is no pass when $when', async ({ change, deps = (same) => same }) => {
  const desk = await openDesk();
  const viewer = await desk.viewer();
  const { admission } = desk.house.node;
  expect(await verifyLogin(admission, viewer)).not.toBeNull();
  const { loginId, userId, userName } = (await change(desk, viewer)) ?? viewer;
  const tools = deps(admission);
  expect(await verifyLogin(tools, { loginId, userId, userName })).toBeNull();
  const pass = { passId: loginId, userId, userName } as VerifiedPass;
  expect(await isStillLive(tools, pass).catch(() => false)).toBe(false);
});
