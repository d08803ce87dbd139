import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from '../../src/client/http.ts';
import { findInstallation, type Installation } from '../../src/client/installation.ts';
import { appCode, keyOf } from '../kit/authenticator-app.ts';
import { startTerminal } from '../kit/pty.ts';
import { softwareAuthenticator } from '../kit/software-authenticator.ts';
import { findBelow, needlesOf } from './needles.ts';
import { logIn, type Person } from './person.ts';
import { launchProduct, type Product } from './product.ts';

interface Step {
  readonly status?: string;
  readonly bearer?: string;
  readonly authenticationId?: string;
  readonly challenges?: readonly { readonly mechanisms: readonly { readonly id: string; readonly name: string }[] }[];
  readonly round?: string;
  readonly options?: string;
}
/** An attempt after the right password, before a factor was shown. */
interface Waiting {
  readonly authenticationId: string;
  readonly mechanism: (name: string) => string;
}

const password = 'a long enough password';
let product: Product;
let installation: Installation;
let admin: Person;

beforeAll(async () => {
  product = await launchProduct();
  installation = findInstallation({ data: product.dataFolder, server: undefined, ca: undefined, environment: {} });
  admin = await logIn(product);
}, 120_000);

afterAll(() => product.stop());

async function send<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown, bearer?: string): Promise<T> {
  const more = { ...(body === undefined ? {} : { body }), ...(bearer === undefined ? {} : { bearer }) };
  const { text } = await exchange(installation, { method, path, ...more });
  return (text === '' ? {} : JSON.parse(text)) as T;
}

async function newUser(name: string): Promise<void> {
  await admin.apply(`
apiVersion: sallyport/v1
kind: User
metadata: {name: ${name}}
spec: {password: ${password}}
`);
}

/** What follows from the right password. */
async function typed(user: string): Promise<Step & { readonly authenticationId: string }> {
  const started = await send<Step>('POST', '/auth/start', { user, door: 'cli' });
  const { authenticationId = '', challenges = [] } = started;
  const mechanismId = challenges[0]?.mechanisms[0]?.id;
  const next = await send<Step>('POST', '/auth/advance', {
    authenticationId,
    mechanismId,
    answer: password,
    door: 'cli',
  });
  return { ...next, authenticationId };
}

async function withPassword(user: string): Promise<string> {
  const { bearer } = await typed(user);
  if (bearer === undefined) throw new Error('a password was not enough');
  return bearer;
}

async function waiting(user: string): Promise<Waiting> {
  const { authenticationId, status, challenges } = await typed(user);
  expect(status).toBe('next');
  return {
    authenticationId,
    mechanism: (name) => challenges?.[0]?.mechanisms.find((mechanism) => mechanism.name === name)?.id ?? `no ${name}`,
  };
}

async function answered({ authenticationId, mechanism }: Waiting, name: string, answer: string): Promise<Step> {
  return send<Step>('POST', '/auth/advance', { authenticationId, mechanismId: mechanism(name), answer, door: 'cli' });
}

/** The same answer in as many attempts at once; how many of them became logins. */
async function atOnce(user: string, name: string, answer: string, tries = 50): Promise<number> {
  const attempts = [];
  for (let one = 0; one < tries; one += 1) attempts.push(await waiting(user));
  const steps = await Promise.all(attempts.map((attempt) => answered(attempt, name, answer)));
  return steps.filter(({ status }) => status === 'success').length;
}

async function enrolTotp(bearer: string): Promise<{ readonly secret: string; readonly factorId: string }> {
  const begun = await send<{ secret: string; sealed: string }>(
    'POST',
    '/auth/factors/totp',
    { label: 'phone' },
    bearer,
  );
  const code = appCode(begun.secret, Date.now());
  const { factorId } = await send<{ factorId: string }>(
    'POST',
    '/auth/factors/totp/finish',
    { sealed: begun.sealed, code },
    bearer,
  );
  return { secret: begun.secret, factorId };
}

/** A code that is right now and for half a minute more, however long the tries take. */
const nextCode = (secret: string): string => appCode(secret, Date.now(), 1);

describe('a second factor at the door', () => {
  it('is asked of whoever enrolled it, and its code counts once in 50 logins at once', async () => {
    await newUser('alice');
    const { secret } = await enrolTotp(await withPassword('alice'));
    const wrong = await answered(await waiting('alice'), 'OATH', '000000');
    expect(wrong.status).toBe('failed');
    const attempts = [];
    for (let one = 0; one < 50; one += 1) attempts.push(await waiting('alice'));
    const code = nextCode(secret);
    const steps = await Promise.all(attempts.map((attempt) => answered(attempt, 'OATH', code)));
    expect(steps.filter(({ status }) => status === 'success')).toHaveLength(1);
    expect(steps.filter(({ status }) => status === 'failed')).toHaveLength(49);
    expect((await answered(await waiting('alice'), 'OATH', code)).status).toBe('failed');
  });

  it('can be a recovery code, once, until new ones are drawn', async () => {
    await newUser('bob');
    const draw = (bearer?: string) =>
      send<{ codes: readonly string[] }>('POST', '/auth/factors/recovery-codes', {}, bearer);
    const { secret } = await enrolTotp(await withPassword('bob'));
    const { codes: before } = await draw((await answered(await waiting('bob'), 'OATH', nextCode(secret))).bearer);
    expect(await atOnce('bob', 'RC', before[3] ?? '')).toBe(1);
    const { codes } = await draw((await answered(await waiting('bob'), 'RC', before[5] ?? '')).bearer);
    expect((await answered(await waiting('bob'), 'RC', before[4] ?? '')).status).toBe('failed');
    expect((await answered(await waiting('bob'), 'RC', (codes[0] ?? '').toLowerCase())).status).toBe('success');
  });

  it('can be a passkey, whose signature is for one login', async () => {
    await newUser('carol');
    const bearer = await withPassword('carol');
    const key = softwareAuthenticator(`https://localhost:${String(product.webPort)}`);
    const begun = await send<{ options: string; sealed: string }>(
      'POST',
      '/auth/factors/webauthn',
      { label: 'laptop' },
      bearer,
    );
    const credential = key.create(begun.options);
    expect(
      await send('POST', '/auth/factors/webauthn/finish', { sealed: begun.sealed, credential }, bearer),
    ).toMatchObject({ factorId: expect.stringMatching(/^factor-/) as string });
    const begin = async ({ authenticationId, mechanism }: Waiting): Promise<Step> =>
      send('POST', '/auth/begin', { authenticationId, mechanismId: mechanism('WebAuthn') });
    const [one, other] = [await waiting('carol'), await waiting('carol')];
    const [round, foreign] = [await begin(one), await begin(other)];
    const answer = key.get(round.options ?? '');
    const advance = ({ authenticationId, mechanism }: Waiting, { round: sealed }: Step): Promise<Step> =>
      send('POST', '/auth/advance', {
        ...{ authenticationId, mechanismId: mechanism('WebAuthn') },
        ...{ answer, round: sealed, door: 'cli' },
      });
    expect((await advance(other, foreign)).status).not.toBe('success');
    const tries = await Promise.all(Array.from({ length: 50 }, () => advance(one, round)));
    expect(tries.filter(({ status }) => status === 'success')).toHaveLength(1);
  });

  it('is not asked any more once it is removed, and goes with its person', async () => {
    await newUser('dave');
    const bearer = await withPassword('dave');
    const { factorId, secret } = await enrolTotp(bearer);
    await waiting('dave');
    const path = `/auth/factors/${factorId}`;
    expect(await send('DELETE', path, undefined, bearer)).toMatchObject({ errors: [{ code: 'fresh-factor-needed' }] });
    const { authenticationId = '', challenges } = await send<Step>(
      'POST',
      '/auth/fresh-factor',
      { for: 'factors', door: 'cli' },
      bearer,
    );
    const mechanism = (): string => challenges?.[0]?.mechanisms[0]?.id ?? 'none';
    const shown = await answered({ authenticationId, mechanism }, 'OATH', nextCode(secret));
    expect(shown).toMatchObject({ status: 'shown', authenticationId });
    await send('DELETE', `${path}?freshFactor=${authenticationId}`, undefined, bearer);
    expect((await typed('dave')).status).toBe('success');
    const again = await enrolTotp(bearer);
    await product.cli(['delete', 'User', 'dave']);
    await admin.event(null, 'the removal of the factor', ({ type, stream, data }) => {
      return type === 'FactorRemoved' && stream === again.factorId && data.by === 'user-removed';
    });
  });
});

it('keys and codes stand in no event, in no line of the process and in no file', async () => {
  await newUser('erin');
  const { secret } = await enrolTotp(await withPassword('erin'));
  const code = nextCode(secret);
  const { bearer } = await answered(await waiting('erin'), 'OATH', code);
  const { codes } = await send<{ codes: readonly string[] }>('POST', '/auth/factors/recovery-codes', {}, bearer);
  expect(codes).toHaveLength(10);
  const text = JSON.stringify(await admin.events(null)) + product.running().stdout() + product.running().stderr();
  for (const needle of [secret, ...codes, ...codes.map((each) => each.replaceAll('-', ''))]) {
    expect(text).not.toContain(needle);
  }
  expect(text).not.toMatch(new RegExp(`"${code}"`));
  const needles = [
    ...needlesOf('the key as it is shown', secret),
    ...needlesOf('the key', keyOf(secret)),
    ...codes.flatMap((each) => needlesOf('a recovery code', each.replaceAll('-', ''))),
  ];
  expect(findBelow(product.dataFolder, needles)).toEqual([]);
});

it('the command line adds an app at a terminal, lists, draws and removes; without one it asks for nothing', async () => {
  await newUser('frank');
  const as = { user: 'frank', password };
  const { command, args, env } = product.cliCommand(['factor', 'add-totp', '--label', 'my phone'], as);
  const terminal = startTerminal(command, args, { columns: 120, rows: 40, env: { ...env } });
  await terminal.shows('The code it shows now:');
  const secret = /^ {2}([A-Z2-7]{32})\r?$/m.exec(terminal.output())?.[1] ?? '';
  terminal.type(`${appCode(secret, Date.now())}\r`);
  expect((await terminal.exited).code).toBe(0);
  const none = await product.cli(['factor', 'add-totp'], { user: 'admin', password: product.adminPassword, code: 1 });
  expect(none.stderr).toMatch(/there is none; or add it in a browser at https:\/\/.*\/auth\/account/);

  const drawn = await product.json<{ codes: readonly string[] }>(['factor', 'recovery-codes', '--user', 'frank']);
  expect(drawn.codes).toHaveLength(10);
  const login = await answered(await waiting('frank'), 'RC', drawn.codes[0] ?? '');
  const { factors } = await send<{ factors: readonly { readonly kind: string; readonly label: string }[] }>(
    'GET',
    '/auth/factors',
    undefined,
    login.bearer,
  );
  expect(factors).toMatchObject([
    { kind: 'totp', label: 'my phone' },
    { kind: 'recovery', left: 9 },
  ]);

  const own = await product.json<{ id: string; codes: readonly string[] }>(['factor', 'recovery-codes']);
  expect(await product.json(['factor', 'list'])).toMatchObject([{ id: own.id, kind: 'recovery', left: 10 }]);
  const remove = product.cliCommand(['factor', 'remove', own.id]);
  const asked = startTerminal(remove.command, remove.args, { columns: 120, rows: 40, env: { ...remove.env } });
  await asked.shows('Recovery code:');
  asked.type(`${own.codes[0] ?? ''}\r`);
  expect((await asked.exited).code).toBe(0);
  expect(await product.json(['factor', 'list'])).toEqual([]);
  expect((await product.cli(['factor', 'remove', 'factor-nonsense'], { code: 1 })).stderr).toContain('no such factor');
});
