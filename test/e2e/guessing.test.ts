import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchSshd, type Sshd } from '../kit/openssh.ts';
import { launchPostgresServer, type PostgresServer } from '../kit/postgres-server.ts';
import { until } from '../kit/until.ts';
import { type Answer, type Network, network } from './guessing-kit.ts';
import { logIn, type Person } from './person.ts';
import { postgresResources } from './postgres/database.ts';
import { launchProduct, type Product, sshdResources } from './product.ts';

let product: Product;
let sshd: Sshd;
let server: PostgresServer;
let admin: Person;

const refused =
  /Too many logins from your network have failed\. Nothing from there is looked at for .* more; then try again/;
const password = 'a long enough password';
const people = ['alice', 'bob', 'carol', 'dora', 'erin'];

beforeAll(async () => {
  const env = {
    SALLYPORT_LIMITS_FAILURES_PER_NETWORK: '10',
    SALLYPORT_LIMITS_FAILURES_PER_USER: '10',
    SALLYPORT_LIMITS_NETWORK_REFUSAL: '30s',
    SALLYPORT_LIMITS_SHARED_NETWORKS: '127.0.9.0/24',
  };
  [product, sshd, server] = await Promise.all([
    launchProduct({ env, cut: null }),
    launchSshd(),
    launchPostgresServer(),
  ]);
  admin = await logIn(product);
  const users = people.map((name) => `kind: User\nmetadata: {name: ${name}}\nspec: {password: ${password}}`);
  const documents = users.map((user) => `apiVersion: sallyport/v1\n${user}\n---`).join('\n');
  await admin.apply(`${documents}${sshdResources(sshd)}---${postgresResources(server)}`);
}, 120_000);

afterAll(async () => {
  await product.stop();
  await Promise.all([sshd.stop(), server.stop()]);
});

const from = async (address: string): Promise<Network> => network(product, address, { ssh: 'box', psql: 'app' });
const doors = ['web', 'form', 'cli', 'ssh', 'psql'] as const;
/** Where a password is shown, and not a token. */
const byPassword: readonly string[] = ['web', 'form', 'cli'];

/** One answer that says the network is refused, in whatever words the door has. */
function isRefusal(door: (typeof doors)[number], { code, text }: Answer): boolean {
  return refused.test(text) && (door === 'web' || door === 'form' ? code === 429 : code !== 0);
}

async function alerts(after: string | null): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return (await admin.events(after)).filter(({ type }) => type === 'GuessingNoticed').map(({ data }) => data);
}

test('wrong tries at all doors are one count; then every door refuses the network, also after a restart, and not for ever', async () => {
  const before = await admin.head();
  const [attacker, alice] = [await from('127.0.1.1'), await from('127.0.1.2')];
  const { secret } = await (await logIn(product, 'alice', password)).token();
  const tries = ['web', 'ssh', 'psql', 'cli', 'form', 'ssh', 'psql', 'web', 'psql', 'form'] as const;
  for (const [n, door] of tries.entries()) {
    const answer = await attacker[door](`nobody-${String(n % 4)}`, 'spt_guess');
    expect(answer.code, door).not.toBe(0);
    expect(answer.text, door).not.toMatch(refused);
  }
  // Ten have failed by now, whatever was tried and where.
  await until(async () => isRefusal('ssh', await attacker.ssh('alice', secret)), { what: 'the refusal' });
  for (const door of doors) {
    const secretHere = byPassword.includes(door) ? password : secret;
    expect(isRefusal(door, await attacker[door]('alice', secretHere)), door).toBe(true);
    expect((await alice[door]('alice', secretHere)).text, door).not.toMatch(/failed|denied|FATAL/i);
  }
  expect(await alerts(before)).toEqual([
    expect.objectContaining({ subject: 'network', network: '127.0.1.1', failures: 10, refusedMilliseconds: 30_000 }),
  ]);

  await product.running().stop('SIGINT');
  await product.restart();
  admin = await logIn(product);
  for (const door of doors) expect(isRefusal(door, await attacker[door]('alice', 'spt_guess')), door).toBe(true);

  // The right person at the attacker's own address gets in once the refusal is over.
  await until(async () => (await attacker.ssh('alice', secret)).code === 0, {
    deadlineMs: 90_000,
    what: 'the end of the refusal',
  });
  expect(await alerts(before)).toHaveLength(1);
}, 240_000);

test('whoever fails as somebody from many networks delays them by 2 s at the most, at every door', async () => {
  const before = await admin.head();
  const attackers = await Promise.all(['127.0.2.1', '127.0.2.2', '127.0.2.3'].map(from));
  const bob = await from('127.0.2.9');
  const { secret } = await (await logIn(product, 'bob', password)).token();
  const usual = new Map<string, number>();
  for (const door of doors) {
    const answer = await bob[door]('bob', byPassword.includes(door) ? password : secret);
    expect(answer.text, door).not.toMatch(/failed|denied|FATAL/i);
    usual.set(door, answer.milliseconds);
  }
  let attacking = true;
  const attacks = Promise.all(
    attackers.map(async (attacker) => {
      for (let n = 0; attacking; n += 1) await attacker.web('bob', `guess ${String(n)}`);
    }),
  );
  await until(async () => (await alerts(before)).some(({ subject }) => subject === 'user'), { what: 'the alert' });
  for (const door of doors) {
    const answer = await bob[door]('bob', byPassword.includes(door) ? password : secret);
    expect(answer.text, door).not.toMatch(/failed|denied|FATAL/i);
    // 2 s and the work, which on a busy machine varies.
    expect(answer.milliseconds, door).toBeLessThan(2_000 + 3 * (usual.get(door) ?? 0) + 1_500);
  }
  attacking = false;
  await attacks;
}, 240_000);

test('of many guesses sent together, at three doors, no more than ten are looked at', async () => {
  const before = await admin.head();
  const attacker = await from('127.0.3.1');
  const guesses = Array.from({ length: 15 }, (_, n) =>
    (['web', 'ssh', 'psql'] as const).map(async (door) => attacker[door](`nobody-${String(n)}`, 'spt_guess')),
  ).flat();
  for (const answer of await Promise.all(guesses)) expect(answer.code).not.toBe(0);
  const looked = (await admin.events(before)).filter(
    ({ type, data }) => type === 'AuthenticationFailed' || (type === 'PassRefused' && data.reason !== 'too-many'),
  );
  expect(looked).toHaveLength(10);
  expect(await alerts(before)).toMatchObject([{ subject: 'network', network: '127.0.3.1' }]);
}, 120_000);

test('an address that many share is not refused, and an alert tells of it all the same', async () => {
  const before = await admin.head();
  const office = await from('127.0.9.1');
  for (let n = 0; n < 12; n += 1) {
    const answer = await office[n % 2 === 0 ? 'web' : 'ssh'](`somebody-${String(n)}`, 'spt_guess');
    expect(answer.text).not.toMatch(refused);
  }
  expect((await office.web('carol', password)).code).toBe(200);
  await until(async () => (await alerts(before)).length > 0, { what: 'the alert' });
  expect(await alerts(before)).toMatchObject([{ network: '127.0.9.1', failures: 10, refusedMilliseconds: null }]);
}, 120_000);

test.each(['web', 'form', 'ssh', 'psql'] as const)(
  '%s answers for a name that nobody has as for any other: in words and in time (A10)',
  async (door) => {
    const office = await from(`127.0.9.${String(10 + doors.indexOf(door))}`);
    const known: Answer[] = [];
    const unknown: Answer[] = [];
    const names = people.map((name) => name.padEnd(10, '-'));
    const users = names.map(
      (name) => `apiVersion: sallyport/v1\nkind: User\nmetadata: {name: ${door}${name}}\nspec: {password: ${password}}`,
    );
    await admin.apply(users.join('\n---\n'));
    // Each name once, so that none waits for what it failed before; in turn, so that a busy machine is busy for both.
    for (const name of names) {
      known.push(await office[door](`${door}${name}`, 'spt_guess'));
      unknown.push(await office[door](`${door}${name.replaceAll('-', '_')}`, 'spt_guess'));
    }
    const words = ({ code, text }: Answer): string =>
      `${String(code)} ${text.replaceAll(/port \d+|\S+@\S+|value="[^"]*"/g, '')}`;
    expect(new Set([...known, ...unknown].map(words)).size).toBe(1);
    // The quickest of each: any one may be slow for other reasons.
    const [one = 0, other = 0] = [known, unknown].map((all) =>
      Math.min(...all.map(({ milliseconds }) => milliseconds)),
    );
    expect(Math.abs(one - other)).toBeLessThan(0.4 * Math.max(one, other) + 15);
  },
  120_000,
);
