import { expect, it } from 'vitest';
import { endSession } from '../../../src/application/commands/sessions.ts';
import { cutSessions } from '../../../src/application/reactions/cut-sessions.ts';
import { until } from '../../kit/until.ts';
import type { PassId } from '../../../src/domain/kernel/ids.ts';
import { runCommand } from '../../../src/application/commands/run-command.ts';
import { loginDecider } from '../../../src/domain/login/decider.ts';
import { contextOf, logIn } from '../factors/kit.ts';
import { ask, type House, instead, openHouse } from '../kit/house.ts';

const resource = (kind: string, name: string, spec: string): string =>
  `apiVersion: sallyport/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}`;

const causes: readonly {
  readonly what: string;
  readonly reason: string;
  readonly message?: string;
  readonly before?: (house: House) => Promise<void>;
  readonly act: (house: House) => Promise<void>;
}[] = [
  {
    what: 'the person is disabled',
    reason: 'user-disabled',
    act: (house) => house.apply(resource('User', 'alice', '{disabled: true}')),
  },
  { what: 'the person is removed', reason: 'user-disabled', act: (house) => house.remove('User', 'alice') },
  { what: 'the policy goes', reason: 'entitlement-lost', act: (house) => house.remove('Policy', 'everybody') },
  {
    what: 'the policy no longer means them',
    reason: 'entitlement-lost',
    act: (house) => house.apply(resource('Policy', 'everybody', '{assign: "false", entitlements: [box]}')),
  },
  {
    what: 'the entitlement is disabled',
    reason: 'entitlement-lost',
    act: (house) => house.apply(resource('Entitlement', 'box', '{access: {targets: [box]}, disabled: true}')),
  },
  { what: 'the account goes', reason: 'entitlement-lost', act: (house) => house.remove('Account', 'box') },
  {
    what: 'the target is disabled',
    reason: 'target-withdrawn',
    act: (house) => house.apply(resource('Target', 'box', '{protocol: ssh, address: "127.0.0.1:22", disabled: true}')),
  },
  {
    what: 'the target is somewhere else',
    reason: 'target-withdrawn',
    act: (house) => house.apply(resource('Target', 'box', '{protocol: ssh, address: "127.0.0.2:22"}')),
  },
  ...['status: inactive', 'targets: [elsewhere]'].map((spec) => ({
    what: `the SSH key of the account opens it no more: ${spec}`,
    reason: 'target-withdrawn',
    message: 'the login kept for the target may no longer be used; ask an administrator',
    before: (house: House) =>
      house.apply(
        [
          resource('SshKey', 'ops', '{username: root, generate: ed25519}'),
          resource('Account', 'box', '{target: box, username: root, credential: {sshKey: ops}}'),
          resource('Target', 'elsewhere', '{protocol: ssh, address: "127.0.0.3:22"}'),
        ].join('\n---\n'),
      ),
    act: (house: House) => house.apply(resource('SshKey', 'ops', `{username: root, generate: ed25519, ${spec}}`)),
  })),
  ...[
    'access: {targets: [box], channels: {ssh: {files: none}}}',
    'access: {targets: [box]}, recording: strict',
    'access: {targets: [box]}, maxSession: 1h',
    'access: {targets: [box]}, idle: 10m',
  ].map((spec) => ({
    what: `the entitlement gives less: ${spec}`,
    reason: 'entitlement-lost',
    message: 'what you may do in this session was changed; connect again',
    act: (house: House) => house.apply(resource('Entitlement', 'box', `{${spec}}`)),
  })),
  {
    what: 'they leave the group of the policy',
    reason: 'entitlement-lost',
    before: (house) =>
      house.apply(
        `${resource('Group', 'crew', '{members: [alice]}')}\n---\n${resource('Policy', 'everybody', '{assign: "\\"crew\\" in claims.user.groups", entitlements: [box]}')}`,
      ),
    act: (house) => house.apply(resource('Group', 'crew', '{members: []}')),
  },
];

it.each(causes)('ends an open session with $reason when $what', async ({ before, act, ...told }) => {
  const house = await openHouse();
  await before?.(house);
  const asked = ask(house, await house.token());
  expect(await asked.admission).toMatchObject({ ok: true });
  await act(house);
  await until(() => asked.told.length > 0, { what: 'the cut' });
  expect(asked.told).toMatchObject([{ reason: told.reason, ...(told.message && { message: told.message }) }]);
  await until(async () => (await house.events('SessionEnded')).length === 1, { what: 'the end in the log' });
});

it('leaves a session alone that keeps its right', async () => {
  const house = await openHouse();
  const asked = ask(house, await house.token());
  await asked.admission;
  await house.apply(resource('Group', 'crew', '{members: [alice]}'));
  const other = ask(house, await house.token());
  await other.admission;
  await house.apply(resource('Policy', 'second', '{assign: "true", entitlements: [box]}'));
  await house.remove('Policy', 'everybody');
  const { terminations } = house.node.admission;
  await until(() => terminations.changes >= 3, { what: 'every change to be noted' });
  expect(asked.told).toEqual([]);
  expect(terminations.all()).toHaveLength(2);
});

it('leaves a session alone that may do more than before', async () => {
  const house = await openHouse();
  const narrow = '{access: {targets: [box], channels: {ssh: {files: download}}}, recording: strict, maxSession: 1h}';
  await house.apply(resource('Entitlement', 'box', narrow));
  const asked = ask(house, await house.token());
  expect(await asked.admission).toMatchObject({ ok: true });
  const { terminations } = house.node.admission;
  const before = terminations.changes;
  await house.apply(resource('Entitlement', 'box', '{access: {targets: [box]}, recording: preferred}'));
  await until(() => terminations.changes > before, { what: 'the change to be noted' });
  const later = ask(house, await house.token());
  expect(await later.admission).toMatchObject({ ok: true });
  await house.remove('Policy', 'everybody');
  await until(() => later.told.length > 0 && asked.told.length > 0, { what: 'the loss of everything' });
  expect(asked.told[0]?.message).toContain('no longer entitled');
});

it('ends the sessions of a revoked token, and no others', async () => {
  const house = await openHouse();
  const [one, other] = [await house.token(), await house.token()];
  const [cut, kept] = [ask(house, one), ask(house, other)];
  await Promise.all([cut.admission, kept.admission]);
  await house.revoke(one);
  await until(() => cut.told.length > 0, { what: 'the cut' });
  expect(cut.told).toMatchObject([{ reason: 'token-revoked' }]);
  expect(kept.told).toEqual([]);
});

it('ends the sessions of a closed login, whyever it was closed, and no others', async () => {
  const house = await openHouse();
  const closings = [
    ['logout', 'login-closed'],
    ['idle', 'login-closed'],
    ['administrator', 'login-closed'],
    ['factor-enrolled', 'login-closed'],
    ['password-set', 'login-closed'],
    ['user-disabled', 'user-disabled'],
    ['user-removed', 'user-disabled'],
    ['identity-left', 'identity-left'],
    ['identity-unlinked', 'identity-unlinked'],
    ['provider-logout', 'provider-logout'],
  ] as const;
  const kept = ask(house, (await logIn(house)).loginId);
  await kept.admission;
  for (const [reason, told] of closings) {
    const { loginId } = await logIn(house);
    const cut = ask(house, loginId);
    expect(await cut.admission).toMatchObject({ ok: true });
    const how = told === 'provider-logout' ? ('notice' as const) : null;
    const close = (at: string) => ({ type: 'close', reason, how, at }) as const;
    await runCommand(house.node.tools, loginDecider, loginId, contextOf(house), close);
    await until(() => cut.told.length > 0, { what: `the cut after ${reason}` });
    expect(cut.told, reason).toMatchObject([{ reason: told }]);
    expect(await ask(house, loginId).admission).toMatchObject({ ok: false });
    expect(await house.types(loginId)).toEqual(['LoginOpened', 'SessionAdmitted', 'LoginClosed']);
  }
  await until(async () => (await house.events('SessionEnded')).length === closings.length, { what: 'the ends' });
  expect((await house.events('SessionEnded')).at(-1)).toMatchObject({ data: { how: 'notice' } });
  expect(kept.told).toEqual([]);
});

it('tells who waits between login and admission, once, and counts them nowhere', async () => {
  const house = await openHouse();
  const { terminations } = house.node.admission;
  const [one, other, third] = [await house.token(), await house.token(), await house.token()];
  const told: string[] = [];
  const attend = (passId: PassId, name: string): (() => void) =>
    terminations.attend({ passId, userId: house.alice }, (reason) => told.push(`${name} ${reason}`));
  attend(one, 'one');
  attend(other, 'other');
  attend(third, 'third')();
  await terminations.none();
  const asked = ask(house, await house.token());
  expect(await asked.admission).toMatchObject({ ok: true });
  expect(terminations.all().map((registration) => terminations.before(registration))).toEqual([0]);
  await house.revoke(one);
  await until(() => told.length > 0, { what: 'the word' });
  expect(told).toEqual(['one token-revoked']);
  await house.apply(resource('User', 'alice', '{disabled: true}'));
  await until(() => told.length > 1 && asked.told.length > 0, { what: 'the word to the other' });
  terminations.terminate('all', 'shutdown', 'the end');
  expect(told).toEqual(['one token-revoked', 'other user-disabled']);
});

it('ends one session by order, with the word of who ordered it made harmless', async () => {
  const house = await openHouse();
  const { node } = house;
  const deps = {
    tools: node.tools,
    recordings: node.custody.recordings,
    exportLines: () => {
      throw new Error('not read here');
    },
  };
  const asked = ask(house, await house.token());
  const admission = await asked.admission;
  const sessionId = admission.ok ? admission.session.authorized.sessionId : null;
  if (sessionId === null) throw new Error('not admitted');
  const stranger = house.viewer({ userId: 'user-00000000-0000-7000-8000-000000000001' });
  expect(await endSession(deps, stranger, sessionId, null)).toMatchObject({ errors: [{ code: 'absent' }] });
  const operator = { ...stranger, permissions: ['self', 'operate'] as const };
  expect(await endSession(deps, operator, sessionId, 'x'.repeat(501))).toMatchObject({ ok: false });
  expect(await endSession(deps, operator, sessionId, 'go\u001b]52;c;aGk=\u0007home')).toEqual({ ok: true });
  await until(() => asked.told.length > 0, { what: 'the cut' });
  expect(asked.told[0]?.reason).toBe('administrator');
  expect(asked.told[0]?.message).not.toMatch(/\p{Cc}/u);

  const second = ask(house, await house.token());
  const again = await second.admission;
  if (!again.ok) throw new Error('not admitted');
  const { sessionId: own } = again.session.authorized;
  expect(await endSession(deps, house.viewer({}), own, null)).toEqual({ ok: true });
  await until(() => second.told.length > 0, { what: 'the cut by the owner' });
  expect(second.told).toMatchObject([{ reason: 'owner', message: 'you ended this session from elsewhere' }]);
});

it('lets no revocation wait until every session has been asked again', async () => {
  const house = await openHouse();
  const { admission: deps } = house.node;
  const tokenId = await house.token();
  const asked = ask(house, tokenId);
  await asked.admission;
  // A view that never catches up: asking again hangs.
  const directory = instead(deps.views.directory, { reached: () => new Promise<void>(() => undefined) });
  const reaction = cutSessions({ ...deps, views: { ...deps.views, directory } });
  const [declared] = await house.events('PolicyDeclared');
  await house.revokeElsewhere(tokenId);
  const [revoked] = await house.events('TemporaryTokenRevoked');
  if (declared === undefined || revoked === undefined) throw new Error('no events');
  await reaction.react(declared);
  await reaction.react(revoked);
  expect(asked.told).toMatchObject([{ reason: 'token-revoked' }]);
});

it('ends a session that cannot be asked again', async () => {
  const house = await openHouse();
  const { admission: deps } = house.node;
  const asked = ask(house, await house.token());
  await asked.admission;
  const directory = instead(deps.views.directory, { reached: () => Promise.reject(new Error('broken')) });
  const [declared] = await house.events('PolicyDeclared');
  if (declared === undefined) throw new Error('no event');
  await cutSessions({ ...deps, views: { ...deps.views, directory } }).react(declared);
  await until(() => asked.told.length > 0, { what: 'the cut' });
  expect(asked.told).toMatchObject([{ reason: 'entitlement-lost' }]);
});
