import { beforeEach, describe, expect, test } from 'vitest';
import { StreamWriter } from '../../../src/application/commands/run-command.ts';
import { deviceFlow, type OpenedByGrant } from '../../../src/application/device-flow/device-flow.ts';
import type { Viewer } from '../../../src/application/ports/application-face.ts';
import type { DeviceFlow, GrantAsked } from '../../../src/application/ports/device-grants.ts';
import { streamId } from '../../../src/domain/kernel/ids.ts';
import { loginDecider } from '../../../src/domain/login/decider.ts';
import { type House, openHouse } from '../kit/house.ts';

const asked: GrantAsked = { door: 'cli', client: 'laptop', source: '192.0.2.7', userName: null, target: null };
const minutes = 60_000;

let house: House;
let flow: DeviceFlow;
let now: number;
let opened: { readonly viewer: Viewer; readonly asked: GrantAsked }[];
let open: () => Promise<OpenedByGrant | null>;

async function loggedIn(door: 'web' | 'cli' = 'web', over: Partial<Viewer> = {}): Promise<Viewer> {
  const { tools } = house.node;
  const viewer = house.viewer(over);
  const context = { actor: { kind: 'unknown' as const, source: '127.0.0.1' }, correlationId: 'c', causationId: null };
  await new StreamWriter(tools, loginDecider, viewer.loginId).run(context, (at) => ({
    type: 'open',
    login: {
      userId: viewer.userId,
      authenticationId: streamId('authentication', tools.ids.uuid()),
      door,
      source: '127.0.0.1',
      factors: ['UP'],
      provider: 'local',
      identityId: null,
      idleMilliseconds: minutes,
    },
    ttlMilliseconds: 60 * minutes,
    at,
  }));
  return viewer;
}

async function close({ loginId }: Viewer): Promise<void> {
  const context = { actor: { kind: 'unknown' as const, source: '127.0.0.1' }, correlationId: 'c', causationId: null };
  const command = (at: string) => ({ type: 'close' as const, reason: 'logout' as const, at });
  await new StreamWriter(house.node.tools, loginDecider, loginId).run(context, command);
}

beforeEach(async () => {
  house = await openHouse();
  now = 0;
  opened = [];
  open = () =>
    Promise.resolve({
      passId: streamId('login', house.node.tools.ids.uuid()),
      secret: 'spl_drawn',
      expiresAt: '2099-01-01T00:00:00.000Z',
    });
  flow = deviceFlow({
    tools: house.node.tools,
    nameKeys: house.node.resources.nameKeys,
    open: async (viewer, wish) => {
      opened.push({ viewer, asked: wish });
      return open();
    },
    clock: () => now,
  });
});

describe('a login that is confirmed elsewhere', () => {
  test('is given once to who asked, and is in the log with who confirmed it', async () => {
    const viewer = await loggedIn();
    const begun = await flow.begin(asked);
    expect(begun).toMatchObject({ expiresInSeconds: 600, intervalSeconds: 2 });
    expect(begun.userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    expect(begun.deviceCode).toMatch(/^[\w-]{43}$/);
    expect(await flow.redeem(begun.deviceCode)).toEqual({ ok: false, error: 'authorization_pending' });

    const shown = await flow.find(viewer, begun.userCode);
    expect(shown).toMatchObject({ ...asked, userCode: begun.userCode });
    expect(await flow.approve(viewer, begun.userCode.toLowerCase().replace('-', ' '))).toEqual({ ok: true });
    const both = await Promise.all([flow.redeem(begun.deviceCode), flow.redeem(begun.deviceCode)]);
    expect(both).toContainEqual(expect.objectContaining({ ok: true, secret: 'spl_drawn', userName: 'alice' }));
    expect(both).toContainEqual({ ok: false, error: 'invalid_grant' });
    expect(await flow.redeem(begun.deviceCode)).toEqual({ ok: false, error: 'invalid_grant' });
    expect(opened).toEqual([{ viewer, asked }]);

    const [approved] = await house.events('DeviceGrantApproved');
    const { userName, target, ...who } = asked;
    expect([userName, target]).toEqual([null, null]);
    expect(approved?.data).toMatchObject({ ...who, userId: house.alice, loginId: viewer.loginId });
    expect(approved?.metadata.actor).toEqual({ kind: 'user', userId: house.alice });
    const [used] = await house.events('DeviceGrantUsed');
    expect(used).toMatchObject({ stream: approved?.stream, data: { passId: expect.stringMatching(/^login-/) } });
    expect(JSON.stringify([approved, used])).not.toContain(begun.deviceCode);
  });

  test('is not given when it was denied, nor answered twice', async () => {
    const viewer = await loggedIn();
    const { userCode, deviceCode } = await flow.begin(asked);
    expect(await flow.deny(viewer, userCode)).toEqual({ ok: true });
    expect(await flow.redeem(deviceCode)).toEqual({ ok: false, error: 'access_denied' });
    expect(await flow.approve(viewer, userCode)).toMatchObject({ ok: false, errors: [{ code: 'absent' }] });
    expect(await flow.find(viewer, userCode)).toBeNull();
    expect(opened).toEqual([]);
    expect(await house.events('DeviceGrantDenied')).toHaveLength(1);
  });

  test('is confirmed in the browser alone, by a login that stands until it is used', async () => {
    const { userCode, deviceCode } = await flow.begin(asked);
    expect(await flow.approve(await loggedIn('cli'), userCode)).toMatchObject({ errors: [{ code: 'not-in-browser' }] });
    expect(await flow.approve(house.viewer(), userCode)).toMatchObject({ errors: [{ code: 'not-in-browser' }] });
    const viewer = await loggedIn();
    await flow.approve(viewer, userCode);
    await close(viewer);
    expect(await flow.redeem(deviceCode)).toEqual({ ok: false, error: 'access_denied' });
    expect(opened).toEqual([]);
  });

  test('finishes as the name it began with, or not at all (security rule A6)', async () => {
    const viewer = await loggedIn();
    const mine = await flow.begin({ ...asked, door: 'ssh', userName: 'ALICE' });
    expect(await flow.approve(viewer, mine.userCode)).toEqual({ ok: true });
    for (const userName of ['bob', 'admin']) {
      const other = await flow.begin({ ...asked, door: 'ssh', userName });
      expect(await flow.approve(viewer, other.userCode)).toMatchObject({ errors: [{ code: 'other-person' }] });
      expect(await flow.redeem(other.deviceCode)).toEqual({ ok: false, error: 'access_denied' });
    }
    const denials = await house.events('DeviceGrantDenied');
    expect(denials.map(({ data }) => data)).toMatchObject([{ reason: 'other-person' }, { reason: 'other-person' }]);
    expect(opened).toEqual([]);
  });

  test('may be asked for again when it could not be opened, and is refused when it may not be', async () => {
    const viewer = await loggedIn();
    const { userCode, deviceCode } = await flow.begin(asked);
    await flow.approve(viewer, userCode);
    const works = open;
    open = () => Promise.reject(new Error('the log is down'));
    await expect(flow.redeem(deviceCode)).rejects.toThrow('the log is down');
    open = works;
    expect(await flow.redeem(deviceCode)).toMatchObject({ ok: true });

    const second = await flow.begin(asked);
    await flow.approve(viewer, second.userCode);
    open = () => Promise.resolve(null);
    expect(await flow.redeem(second.deviceCode)).toEqual({ ok: false, error: 'access_denied' });
  });
});

describe('what waits', () => {
  test('expires after ten minutes, confirmed or not, and is forgotten', async () => {
    const viewer = await loggedIn();
    const [open, confirmed] = [await flow.begin(asked), await flow.begin(asked)];
    await flow.approve(viewer, confirmed.userCode);
    now = 10 * minutes - 1;
    expect(await flow.find(viewer, open.userCode)).not.toBeNull();
    now = 10 * minutes;
    expect(await flow.find(viewer, open.userCode)).toBeNull();
    expect(await flow.approve(viewer, open.userCode)).toMatchObject({ ok: false });
    for (const { deviceCode } of [open, confirmed]) {
      expect(await flow.redeem(deviceCode)).toEqual({ ok: false, error: 'expired_token' });
    }
    now = 11 * minutes;
    expect(await flow.redeem(open.deviceCode)).toEqual({ ok: false, error: 'invalid_grant' });
    expect(opened).toEqual([]);
  });

  test('is polled slower and slower by who polls too fast (RFC 8628, section 3.5)', async () => {
    const { deviceCode } = await flow.begin(asked);
    const poll = async (after: number) => {
      now += after;
      return (await flow.redeem(deviceCode)) as { readonly error: string };
    };
    expect(await poll(0)).toMatchObject({ error: 'authorization_pending' });
    expect(await poll(1_999)).toMatchObject({ error: 'slow_down' });
    expect(await poll(6_999)).toMatchObject({ error: 'slow_down' });
    expect(await poll(12_000)).toMatchObject({ error: 'authorization_pending' });
    expect(await flow.redeem('x')).toEqual({ ok: false, error: 'invalid_grant' });
  });

  test('is bounded for each network, IPv6 by its first half; a place comes free with time', async () => {
    const from = (source: string) => flow.begin({ ...asked, source });
    for (let n = 0; n < 50; n += 1) await from(`2001:db8::${n.toString(16)}`);
    await expect(from('2001:db8::ffff')).rejects.toMatchObject({ kind: 'limit' });
    await from('2001:db8:0:1::1');
    await from('192.0.2.1');
    now = 11 * minutes;
    await from('2001:db8::ffff');
  });

  test('is not found by guessing: ten wrong codes, then none for ten minutes', async () => {
    const viewer = await loggedIn();
    const { userCode } = await flow.begin(asked);
    const none = ['', 'AEIO-UAEI', 'BBBB-BBB', 'BBBB-BBBBB', 'x'.repeat(1_000), '0000-0000', '🙂'];
    for (const code of [...none, ...none]) expect(await flow.find(viewer, code)).toBeNull();
    for (const letter of 'BCDFGHJKL') expect(await flow.find(viewer, letter.repeat(8))).toBeNull();
    expect(await flow.find(viewer, userCode), 'nine guesses, and what is no code').not.toBeNull();
    expect(await flow.approve(viewer, 'MMMM-MMMM')).toMatchObject({ ok: false });
    await expect(flow.find(viewer, userCode)).rejects.toMatchObject({ kind: 'limit' });
    await expect(flow.approve(viewer, userCode)).rejects.toMatchObject({ kind: 'limit' });
    const other = await loggedIn('web', { userId: streamId('user', house.node.tools.ids.uuid()) });
    expect(await flow.find(other, userCode)).not.toBeNull();
    now = 10 * minutes - 1;
    await expect(flow.deny(viewer, userCode)).rejects.toMatchObject({ kind: 'limit' });
    now = 10 * minutes;
    const again = await flow.begin(asked);
    expect(await flow.find(viewer, again.userCode)).not.toBeNull();
  });
});
