import { expect, it } from 'vitest';
import { setFavourite } from '../../../src/application/commands/favourites.ts';
import { type MyReachTools, reachPage, recentReach } from '../../../src/application/commands/my-reach.ts';
import { sshKeysInReach } from '../../../src/application/commands/my-keys.ts';
import { tokenTerms, type TokenTermsTools } from '../../../src/application/commands/token-terms.ts';
import { reach, reaching, reachInTurns } from '../../../src/application/commands/reach.ts';
import { everyPlace } from '../../../src/application/admission/policy-state.ts';
import type { ReachPlace, ReachWish } from '../../../src/application/ports/my-access.ts';
import { ask, type House, openHouse } from '../kit/house.ts';
import type { UserId } from '../../../src/domain/kernel/ids.ts';

/** The views of a node with all that its lists read. */
const toolsOf = ({ node }: House): MyReachTools & TokenTermsTools => ({
  tools: node.tools,
  views: node.views,
  zone: 'UTC',
});

const all: ReachWish = {
  search: '',
  protocol: null,
  allowed: null,
  favourite: null,
  account: null,
  first: 100,
  after: null,
};
const hostKeys = '{hostKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJWqDa9zWUSuQPMSr4l0RxUqXQ0jxgnHqOkyWmEUUb8c"]}';

/** A target with an account for each name, and everybody's right to it. */
const place = (name: string, usernames: readonly string[], labels = '{}', spec = ''): string =>
  [
    `kind: Target\nmetadata: {name: ${name}, labels: ${labels}}\nspec: {protocol: ssh, address: "127.0.0.1:22", trust: ${hostKeys}}`,
    ...usernames.map(
      (username) =>
        `kind: Account\nmetadata: {name: ${username}-${name}}\nspec: {target: ${name}, username: ${username}, credential: {password: box}}`,
    ),
    `kind: Entitlement\nmetadata: {name: ${name}}\nspec: {access: {targets: [${name}]${spec}}}`,
    `kind: Policy\nmetadata: {name: ${name}}\nspec: {assign: "true", entitlements: [${name}]}`,
  ]
    .map((document) => `apiVersion: sallyport/v1\n${document}\n`)
    .join('---\n');

async function names(house: House, wish: Partial<ReachWish> = {}): Promise<readonly string[]> {
  const { entries } = await reachPage(toolsOf(house), house.viewer(), { ...all, ...wish });
  return entries.map(({ target, account }) => `${account}@${target}`);
}

it('pages, searches and filters in the order of names, and says of each what admission says', async () => {
  const house = await openHouse();
  const tools = toolsOf(house);
  await house.apply(place('web-2', ['root', 'deploy'], '{tier: front}'));
  await house.apply(place('Web-1', ['root'], '{tier: BACK}'));
  await house.apply(place('db', ['root'], '{tier: back}', ', rights: [useCredential]'));
  const found: string[] = [];
  let after: ReachPlace | null = null;
  for (;;) {
    const page: Awaited<ReturnType<typeof reachPage>> = await reachPage(tools, house.viewer(), {
      ...all,
      first: 2,
      after,
    });
    found.push(...page.entries.map(({ target, account }) => `${account}@${target}`));
    const last = page.entries.at(-1);
    if (!page.more || last === undefined) break;
    after = [last.target, last.account, last.accountId];
  }
  expect(found).toEqual(['root@Web-1', 'root@box', 'root@db', 'deploy@web-2', 'root@web-2']);
  expect(await names(house)).toEqual(found);
  expect(await names(house, { search: ' WEB  tier=back' })).toEqual(['root@Web-1']);
  expect(await names(house, { search: 'web deploy' })).toEqual(['deploy@web-2']);
  expect(await names(house, { allowed: false })).toEqual(['root@db']);
  expect(await names(house, { protocol: 'postgres' })).toEqual([]);
  const root = (await reachPage(tools, house.viewer(), all)).entries.find(
    ({ target }) => target === 'web-2',
  )?.accountId;
  expect(await names(house, { account: root ?? null })).toEqual(['deploy@web-2']);

  const passId = await house.token();
  const { entries } = await reachPage(tools, house.viewer(), all);
  expect(entries).toEqual(
    (await reach(tools, house.viewer()))
      .map((entry) => ({ ...entry, favourite: false, lastUsedAt: null }))
      .toSorted((a, b) => found.indexOf(`${a.account}@${a.target}`) - found.indexOf(`${b.account}@${b.target}`)),
  );
  for (const { target, account, allowed } of entries) {
    const admitted = await ask(house, passId, { destination: { target, account } }).admission;
    expect(admitted.ok, target).toBe(allowed);
  }
  expect(entries.find(({ target }) => target === 'db')).toMatchObject({
    reason: expect.stringContaining('(accessTarget), the right to start a session (startSession)') as unknown,
    advice: expect.stringContaining('Ask an administrator') as unknown,
    recording: null,
  });

  await house.remove('Policy', 'web-2');
  expect(await names(house, { search: 'web' })).toEqual(['root@Web-1']);
  await house.apply(place('web-3', ['root']));
  expect(await names(house, { search: 'web-3' })).toEqual(['root@web-3']);
  await house.remove('Account', 'root-web-3');
  expect(await names(house, { search: 'web-3' })).toEqual([]);
  expect(
    (await reachPage(tools, house.viewer({ userId: 'user-00000000-0000-4000-8000-0000000000ff' }), all)).entries,
  ).toEqual([]);
});

it('shows a credential that is gone, an inactive key and a key of other devices, all of which open nothing', async () => {
  const house = await openHouse();
  const passId = await house.token();
  const key = (spec: string): string =>
    `apiVersion: sallyport/v1\nkind: SshKey\nmetadata: {name: k}\nspec: {username: root, generate: ed25519${spec}}`;
  const said = async (): Promise<unknown> => {
    const [entry] = (await reachPage(toolsOf(house), house.viewer(), { ...all, search: 'box' })).entries;
    expect((await ask(house, passId).admission).ok).toBe(entry?.allowed);
    return entry?.reason;
  };
  await house.apply(place('other', []));
  await house.apply(
    `${key('')}\n---\napiVersion: sallyport/v1\nkind: Account\nmetadata: {name: box}\nspec: {target: box, username: root, credential: {sshKey: k}}`,
  );
  expect(await said()).toBeNull();
  await house.apply(key(', status: inactive'));
  expect(await said()).toBe('its SSH key is inactive');
  await house.apply(key(', targets: [other]'));
  expect(await said()).toBe('its SSH key is registered for other targets');
  await house.apply(key(', mainTarget: box, targets: [other]'));
  expect(await said()).toBeNull();
});

it('keeps favourites for their person alone, also what they may not reach any more until it is given up', async () => {
  const house = await openHouse();
  const tools = toolsOf(house);
  const mark = (target: string, favourite: boolean) =>
    setFavourite(tools, house.viewer(), { target, account: 'root', favourite });
  expect(await mark('box', true)).toMatchObject({ ok: true, entry: { favourite: true, target: 'box' } });
  expect(await mark('box', true)).toMatchObject({ ok: true });
  expect(await names(house, { favourite: true })).toEqual(['root@box']);
  expect(await names(house, { favourite: false })).toEqual([]);
  expect(await house.events('FavouriteAdded')).toHaveLength(1);

  await house.apply(
    'apiVersion: sallyport/v1\nkind: User\nmetadata: {name: bob}\nspec: {password: another long password}',
  );
  const bob = house.node.views.directory.find({ where: { kind: 'user', name: 'bob' }, limit: 1 })[0]?.id as UserId;
  const [of] = (await reachPage(tools, house.viewer({ userId: bob, userName: 'bob' }), all)).entries;
  expect(of).toMatchObject({ login: 'bob~root~box', favourite: false });

  await house.apply(place('hidden', ['root'], '{}'));
  await house.remove('Policy', 'hidden');
  const [absent, foreign] = [await mark('nowhere', true), await mark('hidden', true)];
  expect(absent).toMatchObject({ ok: false, errors: [{ code: 'not-allowed' }] });
  expect(foreign).toEqual(absent);
  expect(await mark('hidden', false)).toEqual(absent);

  await house.remove('Policy', 'everybody');
  expect(await names(house, { favourite: true })).toEqual([]);
  expect(await mark('box', false)).toEqual({ ok: true, entry: null });
  expect(await house.events('FavouriteRemoved')).toHaveLength(1);
});

it('lists what was used last, the newest first', async () => {
  const house = await openHouse();
  const tools = toolsOf(house);
  await house.apply(place('web', ['root']));
  const passId = await house.token();
  for (const target of ['box', 'web', 'box']) {
    const admitted = await ask(house, passId, { destination: { target, account: null } }).admission;
    if (!admitted.ok) throw new Error(admitted.message);
    await admitted.session.end('closed-by-client');
  }
  const recent = async (first: number, after: string | null = null) => {
    const page = await recentReach(tools, house.viewer(), { first, after });
    return { targets: page.entries.map(({ target }) => target), more: page.more, last: page.entries.at(-1) };
  };
  const { targets, more, last } = await recent(1);
  expect([targets, more, last?.lastUsedAt]).toEqual([['box'], true, expect.stringMatching(/Z$/)]);
  expect(await recent(5, last?.accountId)).toMatchObject({ targets: ['web'], more: false });
  await house.remove('Policy', 'web');
  expect(await recent(5)).toMatchObject({ targets: ['box'], more: false });
});

it('shows the registered SSH keys of accounts in reach with their devices, and nothing of others', async () => {
  const house = await openHouse();
  const tools = toolsOf(house);
  const key = (name: string, spec = ''): string =>
    `kind: SshKey\nmetadata: {name: ${name}, labels: {team: ops}}\nspec: {username: root, generate: ed25519${spec}}`;
  const withKey = (target: string, name: string): string =>
    `kind: Account\nmetadata: {name: key-${target}}\nspec: {target: ${target}, username: keyed, credential: {sshKey: ${name}}}`;
  await house.apply(place('web', []));
  await house.apply(place('back', [], '{}', ', rights: [useCredential, accessTarget]'));
  await house.apply(place('hidden', []));
  for (const document of [
    key('main', ', mainTarget: hidden, targets: [web, back]'),
    key('other'),
    withKey('web', 'main'),
    withKey('back', 'main'),
    withKey('hidden', 'other'),
  ]) {
    await house.apply(`apiVersion: sallyport/v1\n${document}`);
  }
  await house.remove('Policy', 'hidden');
  const keys = async (search = '', after: string | null = null, viewer = house.viewer(), name: string | null = null) =>
    (await sshKeysInReach(tools, viewer, { search, name, first: 5, after })).keys;
  const [main, ...others] = await keys();
  expect(others).toEqual([]);
  expect(main).toMatchObject({ name: 'main', status: 'active', mainTargetId: null, labels: { team: 'ops' } });
  expect(main?.publicKey).toMatch(/^ssh-ed25519 AAAA/);
  expect(main?.devices.map(({ target, account, allowed }) => [target, account, allowed])).toEqual([
    ['back', 'keyed', false],
    ['web', 'keyed', true],
  ]);
  expect(main?.devices[0]?.reason).toBe('your entitlement lacks the right to start a session (startSession)');
  expect(await keys('team=ops back')).toHaveLength(1);
  expect(await keys('hidden')).toEqual([]);
  expect(await keys('', 'main')).toEqual([]);
  expect(await keys('', null, house.viewer(), 'main')).toHaveLength(1);
  expect(await keys('', null, house.viewer(), 'mai')).toEqual([]);
  expect(await keys('', null, house.viewer({ userId: 'user-00000000-0000-4000-8000-0000000000ff' }))).toEqual([]);
});

it('lets others have their turn while many targets are decided', { timeout: 120_000 }, async () => {
  const house = await openHouse();
  const many = Array.from({ length: 600 }, (_, n) =>
    [
      `kind: Target\nmetadata: {name: t${String(n)}}\nspec: {protocol: ssh, address: "127.0.0.1:22", trust: ${hostKeys}}`,
      `kind: Account\nmetadata: {name: a${String(n)}}\nspec: {target: t${String(n)}, username: root, credential: {password: box}}`,
    ].map((document) => `apiVersion: sallyport/v1\n${document}\n`),
  ).flat();
  for (let from = 0; from < many.length; from += 200) await house.apply(many.slice(from, from + 200).join('---\n'));
  const { targetCatalogue } = house.node.views;
  const decided = await reaching(toolsOf(house), house.viewer());
  const turnsDuring = async (work: () => Promise<unknown>): Promise<number> => {
    let [turns, over] = [0, false];
    const turn = (): void => {
      turns += 1;
      if (!over) setImmediate(turn);
    };
    setImmediate(turn);
    await work();
    over = true;
    return turns;
  };
  expect(await turnsDuring(() => reachInTurns(decided, everyPlace(targetCatalogue)))).toBeGreaterThanOrEqual(2);
  const tools = toolsOf(house);
  const page = (search: string) => () => reachPage(tools, house.viewer(), { ...all, search, allowed: false });
  expect((await turnsDuring(page(''))) - (await turnsDuring(page('t599')))).toBeGreaterThanOrEqual(2);
});

it('says what making a token would meet', async () => {
  const house = await openHouse();
  await house.token();
  expect(await tokenTerms(toolsOf(house), house.viewer())).toEqual({
    ...{ live: 1, most: 10, longestSeconds: 28_800, mechanisms: [] },
  });
  await house.apply(
    'apiVersion: sallyport/v1\nkind: FactorProvider\nmetadata: {name: totp}\nspec: {type: totp, atToken: "true"}',
  );
  const { mechanisms } = await tokenTerms(toolsOf(house), house.viewer());
  expect(mechanisms).toContain('OATH');
});
