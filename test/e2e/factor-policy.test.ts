import { expect, test } from 'vitest';
import { codeAt } from '../../src/adapters/factors/totp.ts';
import { exchange } from '../../src/client/http.ts';
import { findInstallation } from '../../src/client/installation.ts';
import { startTerminal } from '../kit/pty.ts';
import { logIn } from './person.ts';
import { type Product, startProduct } from './product.ts';

const password = 'alice has a long password';
const people = `apiVersion: sallyport/v1
kind: User
metadata: {name: alice}
spec: {groups: [staff], password: ${password}}
---
apiVersion: sallyport/v1
kind: FactorProvider
metadata: {name: authenticator app}
spec: {type: totp, atLogin: '"staff" in claims.user.groups', atToken: '"staff" in claims.user.groups'}
`;

/** What the answers asked for here hold; each has some of it. */
interface Body {
  readonly status: string;
  readonly authenticationId: string;
  readonly challenges: readonly { readonly mechanisms: readonly { readonly id: string; readonly name: string }[] }[];
  readonly errors: readonly { readonly message: string }[];
  readonly bearer: string;
  readonly codes: readonly string[];
  readonly secret: string;
  readonly sealed: string;
  readonly data: { readonly issueTemporaryToken: { readonly token: { readonly id: string } | null } };
}
interface Answer {
  readonly status: number;
  readonly json: Body;
}

function asker(product: Product) {
  const installation = findInstallation({
    data: product.dataFolder,
    server: undefined,
    ca: undefined,
    environment: {},
  });
  const post = async (path: string, body: unknown, bearer?: string): Promise<Answer> => {
    const wish = { method: 'POST', path, body, ...(bearer === undefined ? {} : { bearer }) } as const;
    const { status, text } = await exchange(installation, wish);
    return { status, json: JSON.parse(text === '' ? '{}' : text) as Body };
  };
  /** Answers the first challenge of an attempt by the mechanism of this name. */
  const answer = (attempt: Body, name: string, text: string): Promise<Answer> => {
    const mechanism = attempt.challenges[0]?.mechanisms.find((each) => each.name === name);
    const { authenticationId } = attempt;
    return post('/auth/advance', { authenticationId, mechanismId: mechanism?.id, answer: text, door: 'cli' });
  };
  /** Alice's login as far as her password leads. */
  const byPassword = async (): Promise<Answer> => {
    const { json } = await post('/auth/start', { user: 'alice', clientId: null, door: 'cli' });
    const next = await answer(json, 'UP', password);
    return { ...next, json: { ...next.json, authenticationId: json.authenticationId } };
  };
  return { post, answer, byPassword };
}

const names = ({ json }: Answer): string[] => (json.challenges[0]?.mechanisms ?? []).map(({ name }) => name);

function fromBase32(text: string): Buffer {
  const bits = text
    .split('')
    .map((each) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(each).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

test('who must have a second factor gets in with one alone, and makes each token with a fresh one', async () => {
  const product = await startProduct({ cut: null });
  const { post, answer, byPassword } = asker(product);
  const admin = await logIn(product);
  await admin.apply(people);

  const without = await byPassword();
  expect(without.status).toBe(401);
  expect(without.json.errors[0]?.message).toContain('ask an administrator for recovery codes');
  await admin.event(
    null,
    'the refusal',
    ({ type, data }) => type === 'AuthenticationFailed' && data.reason === 'no-factor',
  );

  const drawn = await post('/auth/factors/recovery-codes', { user: 'alice' }, admin.bearer);
  const [first, second, third, fourth] = drawn.json.codes;
  const started = await byPassword();
  expect(names(started)).toEqual(['RC']);
  expect((await answer(started.json, 'RC', 'XXXX-XXXX-XXXX')).status).toBe(401);
  expect((await answer(started.json, 'RC', first!)).status, 'one wrong answer ends an attempt').toBe(401);
  const opened = await answer((await byPassword()).json, 'RC', first!);
  expect(opened.json.status).toBe('success');
  const alice = opened.json.bearer;

  const app = (await post('/auth/factors/totp', { label: 'phone' }, alice)).json;
  const key = fromBase32(app.secret);
  const step = Math.floor(Date.now() / 30_000);
  const finish = { sealed: app.sealed, code: codeAt(key, step) };
  expect((await post('/auth/factors/totp/finish', finish, alice)).status).toBe(200);
  const again = await byPassword();
  expect(names(again)).toEqual(['OATH', 'RC']);
  const { bearer } = (await answer(again.json, 'OATH', codeAt(key, step + 1))).json;

  const issue = async (freshFactor?: string) => {
    const query = `mutation ($input: IssueTemporaryTokenInput!) { issueTemporaryToken(input: $input) {
      token { id } secret errors { code } } }`;
    const variables = { input: freshFactor === undefined ? {} : { freshFactor } };
    return (await post('/graphql', { query, variables }, bearer)).json.data.issueTemporaryToken;
  };
  const needed = { token: null, secret: null, errors: [{ code: 'fresh-factor-needed' }] };
  expect(await issue()).toEqual(needed);
  const fresh = await post('/auth/fresh-factor', { door: 'cli' }, bearer);
  expect(names(fresh)).toEqual(['OATH', 'RC']);
  const { authenticationId } = fresh.json;
  expect(await issue(authenticationId), 'nothing was shown yet').toEqual(needed);
  expect((await answer(fresh.json, 'RC', second!)).json).toEqual({
    status: 'shown',
    authenticationId,
    purpose: 'fresh-factor',
  });
  const token = await issue(authenticationId);
  expect(token).toMatchObject({ secret: expect.stringMatching(/^spt_/), errors: [] });
  expect(await issue(authenticationId)).toEqual(needed);
  await admin.event(
    null,
    'its use',
    ({ type, data }) => type === 'FreshFactorUsed' && data.subjectId === token.token?.id,
  );

  const { command, args, env } = product.cliCommand(['token', 'create'], { user: 'alice', password });
  const terminal = startTerminal(command, args, { columns: 120, rows: 24, env: { ...env, TERM: 'xterm' } });
  const prompt = /or a recovery code: /;
  await terminal.shows(prompt);
  terminal.type(`${third!}\r`);
  await terminal.shows(/or a recovery code: [\s\S]*or a recovery code: /);
  terminal.type(`${fourth!}\r`);
  await terminal.shows(/spt_\w+/);
  expect((await terminal.exited).code).toBe(0);

  const refused = await product.cli(['token', 'create'], { user: 'alice', password, code: 1 });
  expect(refused.stderr).toContain('there is no terminal to ask at');
}, 180_000);
